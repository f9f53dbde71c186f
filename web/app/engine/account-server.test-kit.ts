import { fromBase64url, toBase64url } from "../../../workers/protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { ProtocolError } from "../../../workers/protocol/errors.ts";
import type { EndpointName } from "../../../workers/protocol/http/endpoints.ts";
import { decodeSignedFarewell, farewellCore } from "../../../workers/protocol/farewell.ts";
import { accountIdText } from "../../../workers/protocol/ids.ts";
import { type SignedManifest, decodeSignedManifest } from "../../../workers/protocol/manifest.ts";
import {
  type VerifiedManifest,
  findDevice,
  verifyManifest,
} from "../../../workers/protocol/manifest-rules.ts";
import { nobleEd25519 } from "../../core/crypto/ed25519.ts";
import type { Api } from "../../platform/http.ts";
import type { Deps } from "./store/deps.ts";
import { memoryStore } from "./store/memory-store.test-kit.ts";
import { random } from "./store/local-store.test-kit.ts";

/** What a server keeps of one account, and may show of it. */
export interface ShownAccount {
  readonly account: Uint8Array;
  readonly chain: readonly SignedManifest[];
  readonly seals: Uint8Array;
}

type Request = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
};
type Answer = (request: Request) => unknown;

const putBody = (body: unknown) => body as { manifestCbor: string; sealsCbor: string };
const privateBody = (body: unknown) => body as { version: number; value: string };

/** One account's routes as the server answers them. It is honest until its `shows` or its answers are changed. */
export class AccountServer {
  shows: ShownAccount;
  readonly records = new Map<string, { version: number; value: string }>();
  /** when each device was last seen, by its id */
  readonly seen = new Map<string, number>();
  /** by device, until a manifest takes them up */
  readonly farewells = new Map<string, string>();
  now = 0;
  /** requests to change the account */
  puts = 0;
  /** answers of a server that lies, by route */
  readonly lies: Partial<Record<EndpointName, Answer>> = {};
  #head: VerifiedManifest | null = null;

  constructor(shows: ShownAccount) {
    this.shows = shows;
  }

  #session = (device: string | null) => ({
    account: accountIdText(this.shows.account),
    role: "patient" as const,
    device,
    expiresAt: this.now + 1,
  });

  async #verified(): Promise<VerifiedManifest> {
    let head = this.#head;
    const from = head ? head.core.version : 0;
    for (const signed of this.shows.chain.slice(from)) {
      head = await verifyManifest(nobleEd25519.verifier, signed, head);
    }
    if (!head) throw new ProtocolError("not_found");
    this.#head = head;
    return head;
  }

  async #put(body: unknown): Promise<unknown> {
    this.puts += 1;
    const { manifestCbor, sealsCbor } = putBody(body);
    const signed = decodeSignedManifest(fromBase64url(manifestCbor));
    this.#head = await verifyManifest(nobleEd25519.verifier, signed, await this.#verified());
    for (const device of this.farewells.keys()) {
      if (!findDevice(this.#head.core, fromBase64url(device))) this.farewells.delete(device);
    }
    for (const device of this.seen.keys()) {
      if (!findDevice(this.#head.core, fromBase64url(device))) this.seen.delete(device);
    }
    this.shows = {
      ...this.shows,
      chain: [...this.shows.chain, signed],
      seals: fromBase64url(sealsCbor),
    };
    return this.#view();
  }

  #view() {
    const newest = this.shows.chain.at(-1);
    if (!newest) throw new ProtocolError("not_found");
    return {
      account: accountIdText(this.shows.account),
      role: "patient",
      publicName: null,
      version: this.shows.chain.length,
      manifestCbor: toBase64url(encodeCbor(newest)),
      sealsCbor: toBase64url(this.shows.seals),
      farewells: [...this.farewells.values()],
    };
  }

  readonly #honest: Partial<Record<EndpointName, Answer>> = {
    challenge: () => ({ challenge: toBase64url(random.bytes(32)), rpId: "localhost" }),
    passkeySession: () => this.#session(null),
    recoverySession: () => this.#session(null),
    deviceSession: ({ body }) => {
      const { device } = body as { device: string };
      this.seen.set(device, this.now);
      return this.#session(device);
    },
    farewell: ({ body }) => {
      const { farewell } = body as { farewell: string };
      const { core } = decodeSignedFarewell(fromBase64url(farewell));
      const { device } = decodeCbor(core, farewellCore, core.length);
      this.farewells.set(toBase64url(device), farewell);
      return {};
    },
    account: () => this.#view(),
    ownManifests: ({ query }) => ({
      manifests: this.shows.chain
        .slice(Number(query?.["from"] ?? 1) - 1)
        .map((signed) => toBase64url(encodeCbor(signed))),
      more: false,
    }),
    putAccount: ({ body }) => this.#put(body),
    sessions: () => ({
      sessions: [...this.seen].map(([device, lastSeenAt]) => ({ device, lastSeenAt })),
    }),
    privatePage: () => ({
      records: [...this.records].map(([key, record]) => ({ key, ...record })),
      next: null,
    }),
    privateRecord: ({ params }) => {
      const key = params?.["key"] ?? "";
      const held = this.records.get(key);
      if (!held) throw new ProtocolError("not_found");
      return { key, ...held };
    },
    putPrivate: ({ params, body }) => {
      const key = params?.["key"] ?? "";
      const { version, value } = privateBody(body);
      if ((this.records.get(key)?.version ?? 0) !== version) {
        throw new ProtocolError("stale_version");
      }
      this.records.set(key, { version: version + 1, value });
      return { version: version + 1 };
    },
  };

  /** As one device reaches it. */
  api(): Api {
    return {
      call: (async (name: EndpointName, request: Request = {}) => {
        const answer = this.lies[name] ?? this.#honest[name];
        if (!answer) throw new ProtocolError("unavailable", name);
        return answer(request);
      }) as unknown as Api["call"],
    };
  }

  /** A device with nothing on it, at this server. */
  device(): Deps {
    return {
      api: this.api(),
      store: memoryStore(),
      suite: { random, ed25519: nobleEd25519 },
      now: () => this.now,
    };
  }
}

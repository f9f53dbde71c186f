import type { ConversationState, LogItem } from "../../../workers/protocol/frames.ts";
import type { EndpointName } from "../../../workers/protocol/http/endpoints.ts";
import { ProtocolError } from "../../../workers/protocol/errors.ts";
import { equalBytes, toBase64url } from "../../../workers/protocol/bytes.ts";
import { bundleHash, decodeBundleCore } from "../../../workers/protocol/bundle.ts";
import { decodeEnvelope, decodeEnvelopeHeader } from "../../../workers/protocol/envelope.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { accountIdText, conversationIdText } from "../../../workers/protocol/ids.ts";
import type { Pin } from "../../core/account/history.ts";
import { nobleEd25519 } from "../../core/crypto/ed25519.ts";
import { NOW, type Person, readerOf } from "../../core/people.test-kit.ts";
import type { Server } from "../../core/sync/server.test-kit.ts";
import type { Api } from "../../platform/http.ts";
import { createCatchUp } from "./log/catch-up.ts";
import type { Deps } from "./store/deps.ts";
import { createDirectory } from "./account/directory.ts";
import type { Identity } from "./account/identity.ts";
import { createLibrary } from "./conversation/library.ts";
import { openStore, random } from "./store/local-store.test-kit.ts";
import { CONVERSATION_STORES, beginKeptIn, openKeptIn } from "./conversation/keep.ts";
import { newConversation } from "./conversation/kept.ts";
import { createOutbox } from "./send/outbox.ts";
import { createReceiver } from "./log/receive.ts";
import { messageRecord } from "./store/records.ts";
import { createOutboxSender } from "./send/send.ts";

type Query = Readonly<Record<string, string | number | undefined>>;
export type Route = (
  params: Readonly<Record<string, string>>,
  query: Query,
  body: unknown,
) => unknown;

/** An Api that answers from these routes. Each result has the contract's shape. */
export const scriptedApi = (routes: Partial<Record<EndpointName, Route>>): Api => ({
  call: (async (
    name: EndpointName,
    request: { params?: Record<string, string>; query?: Query; body?: unknown },
  ) => {
    const route = routes[name];
    if (!route) throw new ProtocolError("unavailable", name);
    return route(request?.params ?? {}, request?.query ?? {}, request?.body);
  }) as Api["call"],
});

/** The parts of the engine that need a store, on this browser's real one. */
export async function openDeps(api: Api) {
  const { db, store, close } = await openStore();
  const deps: Deps = { store, suite: { random, ed25519: nobleEd25519 }, now: () => NOW, api };
  return { db, deps, close };
}

export interface Served {
  readonly server: Server;
  people: readonly Person[];
  /** what a man in the middle makes of the log, as long as he is there */
  tampers?: ((items: LogItem[]) => LogItem[]) | undefined;
  /** K6: what other devices of the account pinned */
  readonly pinOf?: (account: Uint8Array) => Pin | null;
  /** what the server says beside the log that is not so */
  claims?: Partial<ConversationState> | undefined;
  /** hears of each request */
  readonly asked?: (name: EndpointName) => void;
  /** places of the log that the server does not have, or hides */
  readonly holes?: ReadonlySet<number>;
  readonly pageSize?: number;
  /** envelopes in a tail */
  readonly tail?: number;
  /** what members are said to have received */
  readonly received?: readonly { readonly account: Uint8Array; readonly seq: number }[];
  /** M5: what is said to a request to remove a message */
  readonly deletions?: (body: unknown) => unknown;
  /** what is answered otherwise than an honest server would */
  readonly routes?: Partial<Record<EndpointName, Route>>;
  /** before manifests are given out */
  readonly beforeManifests?: () => Promise<void>;
}

/** The log as this person is shown it. */
export function logOf({ server, holes, tampers }: Served, self: Person): LogItem[] {
  const items = server.page(self.account).filter(({ seq }) => !holes?.has(seq));
  return tampers ? tampers(items) : items;
}

/** K13: every bundle, and so many of the newest envelopes. */
export function tailOf(self: Person, served: Served) {
  const items = logOf(served, self);
  const newest = items.filter((item) => "envelope" in item).slice(-(served.tail ?? 20));
  const shown = items.filter((item) => "bundle" in item || newest.includes(item));
  const own = items.flatMap((item) => {
    if (!("envelope" in item)) return [];
    const { device, deviceSeq } = decodeEnvelopeHeader(decodeEnvelope(item.envelope).header);
    return equalBytes(device, self.device.id) ? [deviceSeq] : [];
  });
  const cores = served.server.entries.flatMap((entry) =>
    "upload" in entry ? [entry.upload.core] : [],
  );
  const state = {
    head: { n: cores.length - 1, hash: bundleHash(cores.at(-1) ?? new Uint8Array()) },
    lastSeq: items.at(-1)?.seq ?? 0,
    deviceSeq: Math.max(0, ...own),
    received: served.received ?? [],
    receipts: [],
    ...served.claims,
  };
  const first = decodeBundleCore(cores[0] ?? new Uint8Array());
  return {
    conversation: conversationIdText(first.conversation),
    stateCbor: toBase64url(encodeCbor(state)),
    items: shown.map((item) => toBase64url(encodeCbor(item))),
  };
}

export function serverApi(self: Person, served: Served): Api {
  const manifests = (person: Person | undefined, from: number) => {
    if (!person) throw new ProtocolError("not_found");
    const chain = person.chain.slice(from - 1);
    return { manifests: chain.map((signed) => toBase64url(encodeCbor(signed))) };
  };
  return scriptedApi({
    async manifests({ account }, { from }) {
      await served.beforeManifests?.();
      const person = served.people.find((one) => toBase64url(one.account) === account);
      return manifests(person, Number(from));
    },
    ownManifests: (_, { from }) => manifests(self, Number(from)),
    frames: () => ({ frames: [] }),
    bundles(_, { from }) {
      served.asked?.("bundles");
      const items = logOf(served, self).filter(
        (item) => "bundle" in item && decodeBundleCore(item.bundle.core).n >= Number(from),
      );
      return { items: items.map((item) => toBase64url(encodeCbor(item))), more: false };
    },
    ...(served.deletions
      ? { deletions: (_: unknown, __: unknown, body: unknown) => served.deletions?.(body) }
      : {}),
    tails: () => ({ tails: [tailOf(self, served)], left: [] }),
    log(_, { after, before, limit = 200 }) {
      served.asked?.("log");
      const pageSize = Math.min(served.pageSize ?? 200, Number(limit));
      const all = logOf(served, self);
      const newer = all.filter(({ seq }) => seq > Number(after));
      const older = all.filter(({ seq }) => seq < Number(before));
      const page = after === undefined ? older.slice(-pageSize) : newer.slice(0, pageSize);
      const more = (after === undefined ? older : newer).length > page.length;
      return { items: page.map((item) => toBase64url(encodeCbor(item))), more };
    },
    ...served.routes,
  });
}

interface Opening {
  readonly begin?: boolean;
  readonly writesOn?: () => void;
}

/** One tab of this person's device: receiver, catch-up and outbox over the store that all tabs share. */
export async function openTab(
  self: Person,
  conversation: Uint8Array,
  served: Served,
  how?: Opening,
) {
  const { db, deps, close } = await openDeps(serverApi(self, served));
  return { db, close, ...(await tabOver(deps, self, conversation, served, how)) };
}

/** As {@link openTab}, for tests in Node: whatever its store, which may be one in memory. */
export async function tabOver(
  deps: Deps,
  self: Person,
  conversation: Uint8Array,
  served: Served,
  { begin = true, writesOn = () => undefined }: Opening = {},
) {
  const id = conversationIdText(conversation);
  const directory = createDirectory(deps, {
    pinOf: (account) => served.pinOf?.(account) ?? null,
    pinned: () => undefined,
  });
  await directory.adopt(self.account, self.chain);
  const library = createLibrary(deps);
  const me: Identity = {
    account: self.account,
    id: accountIdText(self.account),
    role: "patient",
    name: "",
    device: self.device,
    signer: self.signer,
    userKeys: self.prepared.userKeys,
  };
  const context = { deps, directory, self: self.account, reader: readerOf(self) };
  const receiver = createReceiver({
    deps,
    library,
    context: () => context,
    own: () => ({ account: self.account, device: self.device.id }),
    changed: () => undefined,
  });
  const nothing = (): void => undefined;
  const beginning = async (): Promise<void> =>
    deps.store.write(CONVERSATION_STORES, async (writer) => {
      if (await openKeptIn(writer, id)) return;
      await beginKeptIn(
        writer,
        id,
        newConversation({ title: "", owner: self.account, createdAt: NOW }),
      );
    });
  if (begin) await beginning();
  return {
    id,
    deps,
    me,
    directory,
    library,
    receiver,
    catchUp: createCatchUp(deps, library, receiver, nothing, async () => undefined, writesOn),
    outbox: createOutbox(deps, () => me, nothing),
    async record() {
      const record = await library.kept(id);
      if (!record) throw new RangeError("no record");
      return record;
    },
    /** what stands at each stored place: a text, or what else it is; "?" before it: something is missing */
    async shown(): Promise<string[]> {
      const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
      const rows = await deps.store.readAll("messages", messageRecord, span);
      return rows.map(({ value }) => {
        if (value.type !== "message") return value.type === "bundle" ? value.change : value.reason;
        const text = value.body.kind === "text" ? value.body.text : value.body.kind;
        return value.missingBefore ? `?${text}` : text;
      });
    },
  };
}

export type Tab = Awaited<ReturnType<typeof openTab>>;

type Sending = Parameters<typeof createOutboxSender>[0];

/** Sends what waits in this tab, by `transmit`; nothing but the tab itself is caught up with unless it is said how. */
export const senderOf = (
  tab: Tab,
  transmit: Sending["transmit"],
  more: Partial<Sending> = {},
): ReturnType<typeof createOutboxSender> =>
  createOutboxSender({
    deps: tab.deps,
    library: tab.library,
    outbox: tab.outbox,
    directory: tab.directory,
    me: () => tab.me,
    catchUp: (id) => tab.catchUp.newer(id),
    settleUnanswered: () => Promise.resolve(false),
    renew: () => Promise.resolve(),
    transmit,
    ...more,
  });

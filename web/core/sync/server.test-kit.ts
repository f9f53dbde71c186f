import type { BundleUpload } from "../../../workers/protocol/bundle.ts";
import { equalBytes, toBase64url } from "../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../workers/protocol/frames.ts";
import {
  type DeviceMessage,
  type ChainEnds,
  judgeAmong,
  judgeNext,
  judgeOwn,
  withMessageInChain,
} from "../messages/chain.ts";
import { newRoom, send, write } from "../messages/room.test-kit.ts";
import type { OpenedEnvelope } from "../messages/open.ts";
import type { Assigned } from "../messages/payload.ts";
import { type Person, contextOf, deliver, readerOf } from "../people.test-kit.ts";
import { type BundleChain, EMPTY_CHAIN } from "./bundle-chain.ts";
import { type VerifiedItems, receive } from "./receive.ts";

type Entry =
  | { readonly at: number; readonly envelope: Uint8Array }
  | { readonly at: number; readonly upload: BundleUpload };

/** A server's log that the test may rewrite before any page is served: the adversary of the design. */
export class Server {
  entries: Entry[] = [];
  bundle(upload: BundleUpload): void {
    this.entries.push({ at: this.entries.length, upload });
  }
  envelope(envelope: Uint8Array): void {
    this.entries.push({ at: this.entries.length, envelope });
  }
  /** the log as this account is shown it, after a cursor */
  page(account: Uint8Array, after = 0): LogItem[] {
    return this.entries
      .map(
        (entry, i): LogItem =>
          "envelope" in entry
            ? { seq: i + 1, at: entry.at, envelope: entry.envelope }
            : { seq: i + 1, at: entry.at, bundle: deliver(entry.upload, account) },
      )
      .slice(after);
  }
}

/** M6: what became of one message: `cloned` for one of the own device that it never wrote. */
type Verdict = "new" | "missing-before" | "duplicate" | "fork" | "own" | "cloned";

export interface Commit extends VerifiedItems {
  readonly verdicts: readonly Verdict[];
}

interface Own {
  readonly device: Uint8Array;
  readonly digestAt: (deviceSeq: number) => Uint8Array | undefined;
}

/** One device that verifies and judges what it is given by the functions that the engine does it by. */
export class Reader {
  chain: BundleChain = EMPTY_CHAIN;
  own: Own | null = null;
  people: readonly Person[];
  readonly texts: string[] = [];
  #ends: ChainEnds = { tips: {}, firsts: {}, oldest: 1 };
  readonly #stored: DeviceMessage[] = [];
  readonly #self: Person;
  readonly #id: Uint8Array;

  constructor(id: Uint8Array, self: Person, ...people: readonly Person[]) {
    this.#id = id;
    this.#self = self;
    this.people = people;
  }

  async take(items: readonly LogItem[]): Promise<Commit> {
    const people = contextOf(this.#self, ...this.people);
    const context = { ...people, id: this.#id, reader: readerOf(this.#self) };
    const received = await receive(context, this.chain, items);
    this.chain = received.chain;
    const verdicts = received.envelopes.flatMap(({ seq, result }) =>
      result.ok ? [this.#judge(seq, result)] : [],
    );
    return { ...received, verdicts };
  }

  #judge(seq: number, { header, digest, payload }: OpenedEnvelope): Verdict {
    const { device, deviceSeq } = header;
    const message = { device, deviceSeq, digest, prev: payload.prev };
    const verdict =
      this.own && equalBytes(this.own.device, device)
        ? judgeOwn(this.own.digestAt(deviceSeq), digest)
        : this.#judgeOther(message);
    if (verdict === "new" || verdict === "missing-before") {
      this.#ends = withMessageInChain(this.#ends, seq, message);
      this.#stored.push(message);
    }
    const shown = verdict === "new" || verdict === "missing-before" || verdict === "own";
    if (shown && payload.content.kind === "text") this.texts.push(payload.content.text);
    return verdict;
  }

  #judgeOther(message: DeviceMessage): Verdict {
    const verdict = judgeNext(this.#ends, message);
    if (verdict !== "look-up") return verdict;
    const id = toBase64url(message.device);
    const mine = this.#stored.filter((one) => toBase64url(one.device) === id);
    const at = (deviceSeq: number) => mine.find((one) => one.deviceSeq === deviceSeq);
    return judgeAmong(at, message) === "duplicate" ? "duplicate" : "fork";
  }
}

/** Why envelopes are placeholders, in order of seq. */
export const reasons = ({ envelopes }: VerifiedItems): string[] =>
  envelopes.flatMap(({ result }) => (result.ok ? [] : [result.reason]));

/** A room, three messages of the patient and one of the owner, on an honest server. */
export async function newTalk(seed: string) {
  const room = await newRoom(seed);
  const messages: Assigned[] = [];
  const sealed: Uint8Array[] = [];
  let tip: Assigned | null = null;
  for (const text of ["one", "two", "three"]) {
    tip = write(room, room.patient, text, tip);
    messages.push(tip);
    sealed.push(await send(room, room.patient, tip));
  }
  const answer = write(room, room.owner, "answer");
  const server = new Server();
  server.bundle(room.created.upload);
  server.bundle(room.joined.upload);
  for (const bytes of sealed) server.envelope(bytes);
  server.envelope(await send(room, room.owner, answer));
  const reader = () => new Reader(room.together.id, room.owner, room.patient);
  return { room, messages, sealed, answer, server, reader };
}

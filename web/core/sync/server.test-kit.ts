import type { BundleUpload } from "../../../workers/protocol/bundle.ts";
import { toBase64url } from "../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../workers/protocol/frames.ts";
import type { Conversation } from "../conversation/state.ts";
import type { HeldChain, Link } from "../messages/chain.ts";
import { newRoom, send, write } from "../messages/room.test-kit.ts";
import type { Assigned } from "../messages/payload.ts";
import { type Person, contextOf, deliver, readerOf } from "../people.test-kit.ts";
import { type Stretch, intake } from "./cursor.ts";
import { type ReceiveContext, type Received, receive } from "./receive.ts";

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

/** One device that keeps what it received, as the engine would: one commit at a time (A5). */
export class Reader {
  conversation: Conversation | null = null;
  stretch: Stretch | null = null;
  readonly commits: Received[] = [];
  bundleSeqs: number[] = [];
  readonly #links = new Map<string, Map<number, Link>>();
  readonly #self: Person;
  readonly #id: Uint8Array;
  people: readonly Person[];
  own: ReceiveContext["own"] = null;

  constructor(id: Uint8Array, self: Person, ...people: readonly Person[]) {
    this.#id = id;
    this.#self = self;
    this.people = people;
  }

  #chainOf(device: Uint8Array): HeldChain {
    const links = this.#links.get(toBase64url(device));
    return {
      at: (deviceSeq) => links?.get(deviceSeq),
      newest: Math.max(0, ...(links?.keys() ?? [])),
    };
  }

  async take(items: readonly LogItem[]): Promise<Received> {
    const taken = intake(this.stretch, items);
    const received = await receive(
      {
        ...contextOf(this.#self, ...this.people),
        id: this.#id,
        reader: readerOf(this.#self),
        fromStart: true,
        bundleSeqs: this.bundleSeqs,
        chainOf: (device) => this.#chainOf(device),
        own: this.own,
      },
      this.conversation,
      taken.apply,
    );
    this.conversation = received.conversation;
    if (received.upTo > 0) this.stretch = { from: 1, to: received.upTo };
    for (const { checked, seq } of received.bundles) this.bundleSeqs[checked.core.n] ??= seq;
    for (const { opened, verdict } of received.messages) {
      if (verdict.kind === "duplicate" || verdict.kind === "fork") continue;
      const { deviceSeq, device } = opened.header;
      const links = this.#links.get(toBase64url(device)) ?? new Map<number, Link>();
      links.set(deviceSeq, { deviceSeq, digest: opened.digest, prev: opened.payload.prev });
      this.#links.set(toBase64url(device), links);
    }
    this.commits.push(received);
    return received;
  }

  /** what it would show, by seq */
  get texts(): string[] {
    return this.commits.flatMap(({ messages }) =>
      messages.flatMap(({ opened, verdict }) =>
        verdict.kind !== "duplicate" && opened.payload.content.kind === "text"
          ? [opened.payload.content.text]
          : [],
      ),
    );
  }
}

/** What became of the messages of one commit, in order. */
export const verdicts = ({ messages }: Received): string[] =>
  messages.map(({ verdict }) => verdict.kind);
export const reasons = ({ quarantined }: Received): string[] =>
  quarantined.map(({ result }) => result.reason);

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

import { eachSettled } from "../objects/each-settled.ts";
import type { SessionCopy } from "../objects/session-copy.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import {
  type AccountId,
  type ConversationId,
  type DeviceId,
  parseAccountId,
  parseConversationId,
} from "../protocol/ids.ts";
import { EndedSessions } from "./ended-here.ts";
import type { Tables } from "./inbox-store.ts";
import { SessionCopies } from "./session-copies.ts";
import { SocketNotes } from "./socket-notes.ts";
import type { Wake } from "./wake.ts";

/** Conversations asked at a time to close a session's sockets. */
const CLOSED_AT_ONCE = 32;

/** D1 is told of ends that it missed, again and again after this time. */
const TELL_MS = 10_000;

/** What a token says. Unknown: whoever has it may be anybody. */
export type Recalled =
  | { readonly kind: "known"; readonly copy: SessionCopy }
  | { readonly kind: "ended" | "unknown" };

/** Whom the Inbox needs for it; tests let them fail or take their time. */
export interface SessionNeighbours {
  readonly closeSockets: (
    conversation: ConversationId,
    session: string,
    code: number,
  ) => Promise<void>;
  readonly endInDatabase: (account: AccountId, session: string) => Promise<void>;
}

/** The account's sessions: copies of them, where they have sockets, and which have ended (K12). */
export class Sessions {
  /** replaced by tests */
  neighbours: SessionNeighbours;
  readonly #wake: Wake;
  readonly #copies: SessionCopies;
  readonly #notes: SocketNotes;
  readonly #ended: EndedSessions;

  constructor(sql: SqlStorage, tables: Tables, wake: Wake, neighbours: SessionNeighbours) {
    this.#wake = wake;
    this.neighbours = neighbours;
    this.#copies = new SessionCopies(sql, tables);
    this.#notes = new SocketNotes(sql, tables);
    this.#ended = new EndedSessions(sql, tables);
  }

  hasEnded(session: string): boolean {
    return this.#ended.has(session);
  }

  /** The device whose last session here this is; null: it has others, or is not known. */
  lastOf(session: string, now: number): DeviceId | null {
    const device = this.#copies.get(session)?.device;
    if (!device) return null;
    const others = this.#copies.ofDevice(device, now).filter((id) => id !== session);
    return others.every((id) => this.#ended.has(id)) ? device : null;
  }

  /** The session as D1 has it now. False if it has ended. */
  keep(copy: SessionCopy): boolean {
    if (this.#ended.has(copy.session)) return false;
    this.#copies.put(copy, Date.now());
    return true;
  }

  recall(hash: string, now: number): Recalled {
    const copy = this.#copies.byHash(hash);
    if (copy !== null && this.#ended.has(copy.session)) return { kind: "ended" };
    // One that has slid since the copy was made is not told apart from one that has run out.
    return copy !== null && copy.expiresAt > now ? { kind: "known", copy } : { kind: "unknown" };
  }

  async #closeIn(conversation: string, session: string, code: number): Promise<void> {
    await this.neighbours.closeSockets(parseConversationId(conversation), session, code);
    this.#notes.forget(session, conversation);
  }

  /** A socket of the session was accepted there. False if it has ended. Rejects if there was no room. */
  async note(copy: SessionCopy, conversation: ConversationId): Promise<boolean> {
    const { session } = copy;
    if (!this.keep(copy)) return false;
    if (!this.#notes.note(session, conversation, Date.now())) return true;
    for (const surplus of this.#notes.surplus(session, conversation)) {
      await this.#closeIn(surplus, session, CLOSE.elsewhere);
    }
    return true;
  }

  /** Closes its sockets in conversations. Rejects if one was out of reach; may be repeated. */
  async end(session: string): Promise<void> {
    // Stored first: what is noted after the list was read is refused.
    this.#ended.add(session, Date.now());
    const failures = await eachSettled(this.#notes.of(session), CLOSED_AT_ONCE, (conversation) =>
      this.#closeIn(conversation, session, CLOSE.signedOut),
    );
    if (failures.length > 0) throw failures[0];
  }

  /** Sessions that were ever bound or have sockets, as far as it is known here. */
  known(): string[] {
    return [...this.#copies.sessions(), ...this.#notes.sessions()];
  }

  /** Ends a session that is known here, and remembers that D1 has to be told. False if it is not known. */
  async endAlone(account: AccountId, session: string): Promise<boolean> {
    if (!this.#copies.get(session)) return false;
    this.#ended.add(session, Date.now(), account);
    await this.#wake.at(Date.now() + TELL_MS);
    // What is out of reach now is closed by the alarm.
    await this.end(session).catch(() => undefined);
    return true;
  }

  /** Tells D1, and closes what was out of reach. Re-armed until all of it is done. */
  async settle(): Promise<void> {
    const failures = await eachSettled(this.#ended.untold(), 4, async ({ session, account }) => {
      await this.end(session);
      await this.neighbours.endInDatabase(parseAccountId(account), session);
      this.#ended.told(session);
    });
    if (failures.length > 0) await this.#wake.at(Date.now() + TELL_MS);
  }
}

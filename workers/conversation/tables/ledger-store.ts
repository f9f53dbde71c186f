import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { bytes16, bytes32, time } from "../../protocol/fields.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Claim, InviteState } from "../rules/access.ts";
import type { AttemptName, ShareName } from "../shares.ts";
import { blob, int, nullable, text } from "../../objects/rows.ts";

const task = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("record"),
    invite: bytes16,
    signPub: bytes32,
    expiry: time,
    inviter: bytes32,
    at: time,
  }),
  z.object({
    kind: z.literal("settle"),
    invite: bytes16,
    state: z.enum(["used", "withdrawn"]),
    account: z.nullable(bytes32),
  }),
]);
/** What D1's table of invitations is to be told (I1). */
export type OutboxTask = z.infer<typeof task>;

const anyTask = z.looseObject({ kind: z.string() });
const KINDS: readonly string[] = ["record", "settle"];

function readTask(bytes: Uint8Array): OutboxTask | null {
  if (!KINDS.includes(decodeCbor(bytes, anyTask, LIMITS.body).kind)) return null;
  return decodeCbor(bytes, task, LIMITS.body);
}

/** What a newer build calls otherwise is not open. */
function inviteState(value: string): InviteState {
  return value === "open" || value === "used" ? value : "withdrawn";
}

/** Invitations, claims, the outbox, and shares that may be orphans. */
export class LedgerStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  inviteState(invite: Uint8Array): InviteState | undefined {
    for (const [state] of this.#sql
      .exec("SELECT state FROM invites WHERE invite = ?", invite)
      .raw()) {
      return inviteState(text(state));
    }
    return undefined;
  }

  putInvite(invite: Uint8Array, state: InviteState): void {
    this.#sql.exec(
      `INSERT INTO invites (invite, state) VALUES (?, ?)
       ON CONFLICT (invite) DO UPDATE SET state = excluded.state`,
      invite,
      state,
    );
  }

  claims(): Claim[] {
    const rows = this.#sql.exec("SELECT invite, account FROM claims").raw();
    return Array.from(rows, ([invite, account]) => ({
      invite: blob(invite),
      account: blob(account),
    }));
  }

  putClaim(claim: Claim): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO claims (invite, account) VALUES (?, ?)",
      claim.invite,
      claim.account,
    );
  }

  deleteClaims(invite: Uint8Array): void {
    this.#sql.exec("DELETE FROM claims WHERE invite = ?", invite);
  }

  queue(entry: OutboxTask): void {
    this.#sql.exec("INSERT INTO outbox (task) VALUES (?)", encodeCbor(entry));
  }

  /**
   * Those after `after`, in the order of queueing: an invitation is recorded before it is settled. `task` is null
   * for what a newer build has queued: it waits for that build.
   */
  queued(after: number): { readonly id: number; readonly task: OutboxTask | null }[] {
    const rows = this.#sql
      .exec("SELECT id, task FROM outbox WHERE id > ? ORDER BY id LIMIT 100", after)
      .raw();
    return Array.from(rows, ([id, bytes]) => ({ id: int(id), task: readTask(blob(bytes)) }));
  }

  unqueue(id: number): void {
    this.#sql.exec("DELETE FROM outbox WHERE id = ?", id);
  }

  /** Also to put it off. */
  putIntent({ conversation, bundle, attempt }: AttemptName, at: number): void {
    this.#sql.exec(
      `INSERT INTO share_attempts (attempt, conversation, bundle, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (attempt) DO UPDATE SET at = excluded.at`,
      attempt,
      conversation,
      bundle,
      at,
    );
  }

  deleteIntent(name: ShareName): void {
    switch (name.kind) {
      case "attempt":
        this.#sql.exec("DELETE FROM share_attempts WHERE attempt = ?", name.attempt);
        return;
      case "bundle":
        this.#sql.exec("DELETE FROM share_intents WHERE hash = ?", name.bundle);
        return;
    }
  }

  /** Shares put until `time` whose bundle was not committed, the oldest first. */
  intentsUntil(time: number, limit: number): ShareName[] {
    const rows = this.#sql
      .exec(
        `SELECT bundle, conversation, attempt, at FROM share_attempts WHERE at <= ?1
         UNION ALL SELECT hash, NULL, NULL, at FROM share_intents WHERE at <= ?1
         ORDER BY at LIMIT ?2`,
        time,
        limit,
      )
      .raw();
    return Array.from(rows, ([hash, conversation, attempt]): ShareName => {
      const bundle = blob(hash);
      if (attempt === null) return { kind: "bundle", bundle };
      return { kind: "attempt", conversation: blob(conversation), bundle, attempt: blob(attempt) };
    });
  }

  /** When the oldest of them was put; null: there is none. */
  oldestIntent(): number | null {
    const [oldest] = this.#sql
      .exec(
        `SELECT min(at) FROM (
           SELECT at FROM share_attempts UNION ALL SELECT at FROM share_intents
         )`,
      )
      .raw();
    return nullable(oldest?.[0], int);
  }
}

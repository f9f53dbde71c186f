import type { BundleCore, BundleDelivery, BundleUpload } from "../../protocol/bundle.ts";
import type { Place } from "../rules/append.ts";
import type { AttemptName } from "../shares.ts";
import { blob, int, nullable } from "../../objects/rows.ts";

/** A bundle as everybody may see it. */
export interface StoredBundle extends Place {
  readonly n: number;
  readonly hash: Uint8Array;
  readonly core: Uint8Array;
  readonly signature: Uint8Array;
  readonly inviteSignature: Uint8Array | null;
  /** which attempt put its share (C7); null: a build before attempts */
  readonly attempt: Uint8Array | null;
}

/** What of a bundle is made for one reader. */
export type ReaderSeals = Pick<BundleDelivery, "seals" | "grants">;

const COLUMNS = "n, seq, at, hash, core, signature, invite_signature, attempt";

/** The chain, and what is sealed beside it. */
export class BundleStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  insert(place: Place, core: BundleCore, upload: BundleUpload, share: AttemptName): void {
    this.#sql.exec(
      `INSERT INTO bundles (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      core.n,
      place.seq,
      place.at,
      share.bundle,
      upload.core,
      upload.signature,
      upload.inviteSignature,
      share.attempt,
    );
    const made = [
      ...core.seals.map((seal, i) => ({ ...seal, from: null, to: null, seal: upload.seals[i] })),
      ...core.grants.map((grant, i) => ({ ...grant, seal: upload.grants[i] })),
    ];
    for (const [position, { recipient, generation, from, to, seal }] of made.entries()) {
      this.#sql.exec(
        `INSERT INTO seals (recipient, n, position, generation, from_n, to_n, seal)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        recipient,
        core.n,
        position,
        generation,
        from,
        to,
        seal,
      );
    }
  }

  #read(where: string, ...bindings: (number | Uint8Array)[]): StoredBundle[] {
    const rows = this.#sql.exec(`SELECT ${COLUMNS} FROM bundles ${where}`, ...bindings).raw();
    const found: StoredBundle[] = [];
    for (const [n, seq, at, hash, core, signature, inviteSignature, attempt] of rows) {
      found.push({
        n: int(n),
        seq: int(seq),
        at: int(at),
        hash: blob(hash),
        core: blob(core),
        signature: blob(signature),
        inviteSignature: nullable(inviteSignature, blob),
        attempt: nullable(attempt, blob),
      });
    }
    return found;
  }

  /** Bundle n and those after it, to `to`. */
  range(from: number, to: number): StoredBundle[] {
    return this.#read("WHERE n BETWEEN ? AND ? ORDER BY n", from, to);
  }

  get(n: number): StoredBundle | null {
    return this.range(n, n)[0] ?? null;
  }

  last(): StoredBundle | null {
    return this.#read("ORDER BY n DESC LIMIT 1")[0] ?? null;
  }

  /** Bundles are few beside messages: a scan is cheaper than an index to write. */
  byHash(hash: Uint8Array): StoredBundle | null {
    return this.#read("WHERE hash = ?", hash)[0] ?? null;
  }

  /** Bundles with places `from`..`to` of the log. */
  inLog(from: number, to: number): StoredBundle[] {
    return this.#read("WHERE seq BETWEEN ? AND ? ORDER BY n", from, to);
  }

  /** C2: seals and grants of bundle n for these recipients, in the core's order. */
  sealsFor(n: number, recipients: readonly Uint8Array[]): ReaderSeals {
    const found: ReaderSeals = { seals: [], grants: [] };
    for (const recipient of recipients) {
      const rows = this.#sql
        .exec(
          `SELECT generation, from_n, to_n, seal FROM seals
           WHERE recipient = ? AND n = ? ORDER BY position`,
          recipient,
          n,
        )
        .raw();
      for (const [generation, from, to, seal] of rows) {
        const made = { recipient, generation: int(generation), seal: blob(seal) };
        if (from === null) found.seals.push(made);
        else found.grants.push({ ...made, from: int(from), to: int(to) });
      }
    }
    return found;
  }

  /** I5: what was sealed to an invitation goes when it is used. */
  deleteSealsOf(recipient: Uint8Array): void {
    this.#sql.exec("DELETE FROM seals WHERE recipient = ?", recipient);
  }
}

import { blob as bytesOf, int, nullable, text } from "../../objects/rows.ts";
import { PHASES, type FilesHere, type Phase, type StoredBlob, dueOf } from "../rules/upload.ts";

const COLUMNS = "blob, account, bytes, phase, upload, at, seq, message";
const KNOWN = PHASES.map((phase) => `'${phase}'`).join(", ");
/** R2 may have bytes of these. */
const HELD = "phase IN ('open', 'complete', 'ended')";

/** A part that R2 has. */
export interface StoredPart {
  readonly part: number;
  readonly etag: string;
}

const isPhase = (value: string): value is Phase => PHASES.some((phase) => phase === value);

/** Files of the conversation and their uploads (F1, F2). Phases of a newer build are left alone. */
export class BlobStore {
  readonly #sql: SqlStorage;
  /** sums that were asked for since a row changed: an alarm asks each time, and rows stay for ever */
  readonly #sums = new Map<string, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  #read(where: string, ...bindings: (number | Uint8Array)[]): StoredBlob[] {
    const rows = this.#sql.exec(`SELECT ${COLUMNS} FROM blobs ${where}`, ...bindings).raw();
    const found: StoredBlob[] = [];
    for (const [blob, account, bytes, phase, upload, at, seq, message] of rows) {
      const name = text(phase);
      if (!isPhase(name)) continue;
      found.push({
        blob: bytesOf(blob),
        account: bytesOf(account),
        bytes: int(bytes),
        phase: name,
        upload: nullable(upload, text),
        at: int(at),
        seq: nullable(seq, int),
        message: nullable(message, bytesOf),
      });
    }
    return found;
  }

  get(blob: Uint8Array): StoredBlob | null {
    return this.#read("WHERE blob = ?", blob)[0] ?? null;
  }

  put(row: StoredBlob): void {
    this.#sums.clear();
    this.#sql.exec(
      `INSERT INTO blobs (${COLUMNS}, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (blob) DO UPDATE SET bytes = excluded.bytes, phase = excluded.phase,
         upload = excluded.upload, at = excluded.at, seq = excluded.seq,
         message = excluded.message, due = excluded.due`,
      row.blob,
      row.account,
      row.bytes,
      row.phase,
      row.upload,
      row.at,
      row.seq,
      row.message,
      dueOf(row),
    );
  }

  /** It is served no more, and R2 is to be rid of it. */
  end(blob: Uint8Array, now: number): void {
    const known = this.get(blob);
    if (!known || known.phase === "ended" || known.phase === "removed") return;
    this.put({ ...known, phase: "ended", at: now, seq: null, message: null });
  }

  /** A message names it (F2). */
  bind(blob: Uint8Array, seq: number, message: Uint8Array): void {
    const known = this.get(blob);
    if (known) this.put({ ...known, seq, message });
  }

  delete(blob: Uint8Array): void {
    this.#sums.clear();
    this.forgetParts(blob);
    this.#sql.exec("DELETE FROM blobs WHERE blob = ?", blob);
  }

  /** M5: what the message at this place names. */
  namedAt(seq: number): StoredBlob[] {
    return this.#read("WHERE seq = ?", seq);
  }

  /** Ascending. */
  parts(blob: Uint8Array): StoredPart[] {
    const rows = this.#sql
      .exec("SELECT part, etag FROM blob_parts WHERE blob = ? ORDER BY part", blob)
      .raw();
    return Array.from(rows, ([part, etag]) => ({ part: int(part), etag: text(etag) }));
  }

  putPart(blob: Uint8Array, { part, etag }: StoredPart): void {
    this.#sql.exec(
      `INSERT INTO blob_parts (blob, part, etag) VALUES (?, ?, ?)
       ON CONFLICT (blob, part) DO UPDATE SET etag = excluded.etag`,
      blob,
      part,
      etag,
    );
  }

  forgetParts(blob: Uint8Array): void {
    this.#sql.exec("DELETE FROM blob_parts WHERE blob = ?", blob);
  }

  #sum(where: string): number {
    const known = this.#sums.get(where);
    if (known !== undefined) return known;
    const [row] = this.#sql.exec(`SELECT ifnull(sum(bytes), 0) FROM blobs WHERE ${where}`).raw();
    const sum = int(row?.[0]);
    this.#sums.set(where, sum);
    return sum;
  }

  /** What a decision about one more depends on. */
  here(): FilesHere {
    const unnamed = this.#read(
      "WHERE phase IN ('reserving', 'open', 'complete') AND seq IS NULL ORDER BY at",
    );
    return { used: this.used(), unnamed };
  }

  /** Bytes of all, announced ones included. */
  used(): number {
    return this.#sum(`${HELD} OR phase = 'reserving'`);
  }

  /** Bytes of those that the account's total has room for. */
  held(): number {
    return this.#sum(HELD);
  }

  /** Those with something due until `time`, the oldest first. */
  dueUntil(time: number, limit: number): StoredBlob[] {
    return this.#read(`WHERE due <= ? AND phase IN (${KNOWN}) ORDER BY due LIMIT ?`, time, limit);
  }

  nextDue(): number | null {
    const [row] = this.#sql
      .exec(`SELECT min(due) FROM blobs WHERE due IS NOT NULL AND phase IN (${KNOWN})`)
      .raw();
    return nullable(row?.[0], int);
  }

  /** What D1 has of `held`; null: it may have anything. */
  told(): number | null {
    for (const [told] of this.#sql.exec("SELECT told FROM blob_total").raw()) {
      return nullable(told, int);
    }
    return 0;
  }

  putTold(told: number | null): void {
    this.#sql.exec(
      `INSERT INTO blob_total (id, told) VALUES (1, ?)
       ON CONFLICT (id) DO UPDATE SET told = excluded.told`,
      told,
    );
  }
}

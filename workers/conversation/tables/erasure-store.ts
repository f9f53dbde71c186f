import { int } from "../../objects/rows.ts";

/** M5: places that are empty here already and that D1 has still to empty. */
export class ErasureStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  put(seq: number): void {
    this.#sql.exec("INSERT OR IGNORE INTO erasures (seq) VALUES (?)", seq);
  }

  /** The next ones that are not after `seq`. */
  upTo(seq: number): number[] {
    const rows = this.#sql
      .exec("SELECT seq FROM erasures WHERE seq <= ? ORDER BY seq LIMIT 100", seq)
      .raw();
    return Array.from(rows, ([found]) => int(found));
  }

  settle(seqs: readonly number[]): void {
    this.#sql.exec(
      "DELETE FROM erasures WHERE seq IN (SELECT value FROM json_each(?))",
      JSON.stringify(seqs),
    );
  }
}

import { type AccountId, accountIdText, idBytes } from "../../protocol/ids.ts";
import type { Slot } from "../rules/receipt-slot.ts";
import { blob, int } from "../../objects/rows.ts";

/** M10: one row for each account, written over by its next receipt. */
export class ReceiptStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  all(): Map<AccountId, Slot> {
    const rows = this.#sql.exec("SELECT account, counter, body FROM receipts").raw();
    return new Map(
      Array.from(rows, ([account, counter, body]): [AccountId, Slot] => [
        accountIdText(blob(account)),
        { counter: int(counter), body: blob(body) },
      ]),
    );
  }

  put(account: AccountId, { counter, body }: Slot): void {
    this.#sql.exec(
      `INSERT INTO receipts (account, counter, body) VALUES (?, ?, ?)
       ON CONFLICT (account) DO UPDATE SET counter = excluded.counter, body = excluded.body`,
      idBytes(account),
      counter,
      body,
    );
  }

  delete(account: AccountId): void {
    this.#sql.exec("DELETE FROM receipts WHERE account = ?", idBytes(account));
  }
}

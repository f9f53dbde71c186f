import { type AccountId, accountIdText, idBytes } from "../../protocol/ids.ts";
import type { SpendingStore } from "./spending-store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** So much goes by between two reports to an account's Inbox, which adds up all of its conversations. */
const REPORT_BYTES = 64 * 1024;

const dayOf = (at: number): number => Math.floor(at / DAY_MS);

/** What one account has sent on one day (of UTC). */
interface Spent {
  readonly day: number;
  here: number;
  /** in other conversations, as its Inbox said last */
  elsewhere: number;
  /** of `here`, what its Inbox knows */
  reported: number;
}

/** Tells the account's Inbox the bytes of a day here; answers those of all its conversations. */
export type Report = (account: AccountId, day: number, bytes: number) => Promise<number>;

/**
 * How many bytes an account may still send today. Exact here, across evictions and without a row write a message:
 * what the sums that were stored with the last prune lack is in the tail. Over all conversations of an account it is
 * exact but for what no Inbox was told yet: less than a report's worth for each of them.
 */
export class DayBudget {
  /** bytes an account and day; replaced by tests */
  limit: number;
  readonly #store: SpendingStore;
  readonly #spent = new Map<AccountId, Spent>();

  constructor(store: SpendingStore, limit: number) {
    this.#store = store;
    this.limit = limit;
  }

  /** Forgets what is in memory for what is stored. */
  load(now: number): void {
    this.#spent.clear();
    const today = dayOf(now);
    const { upto, spent } = this.#store.load();
    for (const [account, day, bytes] of spent) {
      if (day === today) this.#of(accountIdText(account), now).here = bytes;
    }
    for (const { account, bytes } of this.#store.sentAfter(upto, today * DAY_MS)) {
      this.#of(accountIdText(account), now).here += bytes;
    }
  }

  #of(account: AccountId, now: number): Spent {
    const known = this.#spent.get(account);
    const day = dayOf(now);
    // A clock set back does not open the day anew.
    if (known && known.day >= day) return known;
    const fresh = { day, here: 0, elsewhere: 0, reported: 0 };
    this.#spent.set(account, fresh);
    return fresh;
  }

  /** Milliseconds until this account may send so many bytes; 0: now. */
  wait(account: AccountId, bytes: number, now: number): number {
    const { day, here, elsewhere } = this.#of(account, now);
    if (here + elsewhere + bytes <= this.limit) return 0;
    return Math.max(1, (day + 1) * DAY_MS - now);
  }

  charge(account: AccountId, bytes: number, now: number): void {
    this.#of(account, now).here += bytes;
  }

  /** Reports what is worth a call. What fails is reported with what comes next; never rejects. */
  async report(tell: Report): Promise<void> {
    const due = [...this.#spent].filter(
      ([, { here, reported }]) => here - reported >= REPORT_BYTES,
    );
    await Promise.allSettled(
      due.map(async ([account, spent]) => {
        const { day, here, reported } = spent;
        spent.reported = here;
        try {
          spent.elsewhere = Math.max(spent.elsewhere, (await tell(account, day, here)) - here);
        } catch {
          spent.reported = reported;
        }
      }),
    );
  }

  /** Stores the sums as of `seq`, in the transaction that prunes or writes what no tail can tell. */
  save(seq: number, now: number): void {
    const today = dayOf(now);
    const spent = [...this.#spent]
      .filter(([, { day, here }]) => day >= today && here > 0)
      .map(([account, { day, here }]): [Uint8Array, number, number] => [
        idBytes(account),
        day,
        here,
      ]);
    this.#store.save({ upto: seq, spent });
  }
}

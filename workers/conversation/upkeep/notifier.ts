import type { Activity } from "../../inbox/activity.ts";
import { type AccountId, accountIdText } from "../../protocol/ids.ts";
import type { Core } from "../core.ts";
import type { Memory } from "../tables/memory.ts";
import { currentShard } from "../rules/shards.ts";
import { TUNING } from "../settings.ts";

/** What an Inbox is told: cumulative, so that one later message stands for all before it. */
export function activityFor(memory: Memory, account: AccountId): Activity {
  return {
    conversation: memory.conversation,
    shard: currentShard(memory.shards),
    head: memory.head.core.n,
    lastSeq: memory.last.seq,
    lastAt: memory.last.at,
    others: memory.envelopes - (memory.authored.get(account) ?? 0),
  };
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Tells the members' Inboxes that something happened: at once when it was quiet, else once a second for all that
 * came meanwhile, since each call costs a row write there. The alarm calls `once` again until it succeeds.
 */
export class Notifier {
  readonly #core: Core;
  #isRunning = false;
  #again = false;

  constructor(core: Core) {
    this.#core = core;
  }

  poke(): void {
    this.#again = true;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#again) {
      this.#again = false;
      await this.once();
      await wait(TUNING.notifyEveryMs);
    }
    this.#isRunning = false;
  }

  /** False if some Inbox was out of reach. */
  async once(): Promise<boolean> {
    const memory = this.#core.memory;
    if (!memory) return true;
    const { seq } = memory.last;
    const due = memory.head.core.roster
      .map((entry) => accountIdText(entry.account))
      .filter((account) => (memory.notified.get(account) ?? 0) < seq);
    const told = await Promise.allSettled(
      due.map(async (account) => {
        await this.#core.deps.activity(account, activityFor(memory, account));
        const { notified } = this.#core.get();
        notified.set(account, Math.max(seq, notified.get(account) ?? 0));
      }),
    );
    return told.every((result) => result.status === "fulfilled");
  }
}

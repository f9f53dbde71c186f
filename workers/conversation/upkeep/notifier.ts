import type { Activity } from "../../inbox/activity.ts";
import { type AccountId, accountIdText } from "../../protocol/ids.ts";
import type { Core } from "../core.ts";
import type { Memory } from "../tables/memory.ts";
import { currentShard } from "../rules/shards.ts";
import { flushDueAt } from "./flush.ts";
import { TUNING } from "../settings.ts";
import type { Task } from "./task.ts";

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

/** Members whose mark is below the newest place. */
const unmarked = ({ head, last }: Memory, marks: ReadonlyMap<AccountId, number>): AccountId[] =>
  head.core.roster
    .map((entry) => accountIdText(entry.account))
    .filter((account) => (marks.get(account) ?? 0) < last.seq);

function raise(marks: Map<AccountId, number>, account: AccountId, seq: number): void {
  marks.set(account, Math.max(seq, marks.get(account) ?? 0));
}

/** Rejects if some Inbox was out of reach. */
async function tell(core: Core, mustStore: boolean): Promise<void> {
  const memory = core.memory;
  if (!memory) return;
  const { seq } = memory.last;
  const told = await Promise.allSettled(
    unmarked(memory, mustStore ? memory.notified : memory.told).map(async (account) => {
      const activity = activityFor(memory, account);
      const isStored = await core.deps.activity(account, activity, mustStore);
      const { told: tellings, notified } = core.get();
      raise(tellings, account, seq);
      if (isStored) raise(notified, account, seq);
    }),
  );
  const failed = told.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** What the alarm still has to tell. */
export const notifyTask: Task = {
  name: "notify",
  neighbour: "inboxes",
  dueAt({ memory, deps, outages }) {
    if (!memory || unmarked(memory, memory.notified).length === 0) return null;
    // Told at the commit already, unless that failed: together with the flush it is to be stored.
    const isLate = memory.pendingSince === null || outages.retryAt("inboxes") > 0;
    return isLate ? deps.now() : flushDueAt(memory, deps.now());
  },
  run: (core) => tell(core, true),
};

/** Whether some Inbox may not have been told of the newest place: a crash came before. */
export const isUntold = ({ memory }: Core): boolean =>
  memory !== null && unmarked(memory, memory.told).length > 0;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Tells the members' Inboxes that something happened: at once when it was quiet, else once a second for all that
 * came meanwhile. What fails the alarm sees to.
 */
export class Notifier {
  readonly #attempt: () => Promise<void>;
  #isRunning = false;
  #again = false;

  /** `attempt` calls `tell` and never rejects. */
  constructor(attempt: () => Promise<void>) {
    this.#attempt = attempt;
  }

  readonly tell = (core: Core): Promise<void> => tell(core, false);

  poke(): void {
    this.#again = true;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#again) {
      this.#again = false;
      await this.#attempt();
      await wait(TUNING.notifyEveryMs);
    }
    this.#isRunning = false;
  }
}

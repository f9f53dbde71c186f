import type { Activity } from "../../inbox/activity.ts";
import { type AccountId, accountIdText } from "../../protocol/ids.ts";
import type { Core } from "../core.ts";
import type { Memory } from "../tables/memory.ts";
import { currentShard } from "../rules/shards.ts";
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
async function tell(core: Core): Promise<void> {
  const memory = core.memory;
  if (!memory) return;
  const { seq } = memory.last;
  const told = await Promise.allSettled(
    unmarked(memory, memory.notified).map(async (account) => {
      await core.deps.activity(account, activityFor(memory, account));
      raise(core.get().notified, account, seq);
    }),
  );
  const failed = told.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** What the alarm still has to tell. */
export const notifyTask: Task = {
  name: "notify",
  neighbour: "inboxes",
  dueAt: ({ memory, deps }) =>
    memory && unmarked(memory, memory.notified).length > 0 ? deps.now() : null,
  run: tell,
};

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

  readonly tell = tell;

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

import { accountIdText, conversationIdText } from "../../protocol/ids.ts";
import type { Registered } from "../../registry/conversation-registry.ts";
import type { Core } from "../core.ts";
import { currentShard } from "../rules/shards.ts";
import { TUNING } from "../settings.ts";
import type { Memory } from "../tables/memory.ts";
import type { Task } from "./task.ts";

/** What the registry is told of a conversation. */
export function reportOf(memory: Memory, behindSince: number | null): Registered {
  const { conversation, createdAt, shards, bytes, head } = memory;
  const owner = head.core.roster.find(({ role }) => role === "owner") ?? head.core.author;
  return {
    id: conversationIdText(conversation),
    owner: accountIdText(owner.account),
    shard: currentShard(shards),
    shards: JSON.stringify(shards.map(({ from, shard }) => [from, shard])),
    createdAt,
    behindSince,
    bytes,
  };
}

/** Decision "registry": when it is to be told how this conversation stands: when it has fallen behind, and when it has caught up. */
function reportDueAt(
  told: number | null,
  since: number | null,
  isAsked: boolean,
  now: number,
): number | null {
  if (isAsked) return now;
  if (told === null) return since === null ? null : since + TUNING.behindAfterMs;
  return since === null ? now : null;
}

export const reportTask: Task = {
  name: "report",
  neighbour: "directory",
  dueAt(core: Core) {
    const { memory, outages } = core;
    if (!memory) return null;
    return reportDueAt(memory.toldBehind, outages.since, memory.isReportDue, core.deps.now());
  },
  async run(core) {
    const { memory, outages, deps } = core;
    if (!memory) return;
    const { since } = outages;
    const due = reportDueAt(memory.toldBehind, since, memory.isReportDue, deps.now());
    if (due === null || due > deps.now()) return;
    await deps.report(reportOf(memory, since));
    const now = core.get();
    now.toldBehind = since;
    now.isReportDue = false;
    now.isDirty = true;
    now.isUrgent = true;
  },
};

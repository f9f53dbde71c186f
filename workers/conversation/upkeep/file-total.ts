import { refusalOf } from "../../http/failure.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Core } from "../core.ts";
import { TUNING } from "../settings.ts";
import { reportOf } from "./report.ts";
import type { Task } from "./task.ts";

/**
 * What the owner's budget knows of this conversation's files. It is one number in the registry, in which the files
 * of all conversations of an owner meet; it is absolute, so it may be told again. One call at a time: of two that
 * overlap, the older number could stay. Before each, `told` becomes unknown: a crash in between is healed by the alarm.
 */
async function ask<T>(core: Core, work: (conversation: Uint8Array) => Promise<T | "unknown">) {
  const { conversation } = core.get();
  core.stores.blobs.putTold(null);
  const answer = await work(conversation);
  if (answer !== "unknown") return answer;
  // The registry has not heard of the conversation yet, or lost it.
  await core.deps.report(reportOf(core.get(), core.outages.since));
  const again = await work(conversation);
  if (again === "unknown") throw new ProtocolError("unavailable", "registry");
  return again;
}

/** Whether the owner's budget has room for this one too. */
async function hasRoom(core: Core, blob: Uint8Array): Promise<boolean> {
  const { stores, budgets, deps } = core;
  const announced = stores.blobs.get(blob);
  // Another request has asked meanwhile.
  if (announced?.phase !== "reserving") return true;
  const before = stores.blobs.told();
  const total = stores.blobs.held() + announced.bytes;
  const answer = await ask(core, (conversation) =>
    deps.reserveFiles(conversation, total, budgets.accountFileBytes),
  );
  return core.transact(() => {
    const { blobs } = core.stores;
    const now = blobs.get(blob);
    if (answer === "full") {
      blobs.putTold(before);
      if (now?.phase === "reserving") blobs.delete(blob);
      return false;
    }
    blobs.putTold(total);
    if (now?.phase === "reserving") blobs.put({ ...now, phase: "open", at: core.deps.now() });
    return true;
  });
}

/**
 * Asks the owner's budget for what was announced, of which two that race for the last byte get one. Throws
 * `quota_exceeded`, and then nothing is left of it; `unavailable`, and then the same may be asked again.
 */
export async function reserve(core: Core, blob: Uint8Array): Promise<void> {
  let has: boolean;
  try {
    has = await core.totals.run(() => hasRoom(core, blob));
  } catch (error) {
    // D1 may have heard it all the same; the alarm tells it what is so.
    core.wakeAt(core.deps.now() + TUNING.behindAfterMs);
    throw refusalOf(error, "files");
  }
  if (!has) throw new ProtocolError("quota_exceeded", "account");
}

/** Tells the registry of files that came or went without its being asked. */
export const fileTotalTask: Task = {
  name: "files",
  neighbour: "directory",
  dueAt(core) {
    const { memory, stores, deps } = core;
    if (!memory || core.totals.isBusy) return null;
    return stores.blobs.told() === stores.blobs.held() ? null : deps.now();
  },
  run: (core) =>
    core.totals.run(async () => {
      const total = core.stores.blobs.held();
      await ask(core, (conversation) => core.deps.tellFiles(conversation, total));
      core.stores.blobs.putTold(total);
    }),
};

import { toBase64url } from "../../protocol/bytes.ts";
import type { Core } from "../core.ts";
import { TUNING } from "../settings.ts";
import type { Task } from "./task.ts";

async function sweepOne(core: Core, hash: Uint8Array): Promise<void> {
  const name = toBase64url(hash);
  core.sweeping.add(name);
  try {
    if (!core.stores.bundles.byHash(hash)) await core.deps.shares.delete(hash);
    core.stores.ledger.deleteIntent(hash);
  } finally {
    core.sweeping.delete(name);
  }
}

/** C7: deletes shares whose bundle lost or never came, some at a time. */
export const orphansTask: Task = {
  name: "orphans",
  neighbour: "shares",
  dueAt(core) {
    const oldest = core.stores.ledger.oldestIntent();
    return oldest === null ? null : oldest + TUNING.orphanMs;
  },
  async run(core) {
    const before = core.deps.now() - TUNING.orphanMs;
    const due = core.stores.ledger.intentsUntil(before, TUNING.orphanSlice);
    // Each by itself: one that R2 keeps refusing holds up no other.
    const swept = await Promise.allSettled(due.map((hash) => sweepOne(core, hash)));
    const failed = swept.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  },
};

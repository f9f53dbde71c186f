import type { Core } from "../core.ts";
import type { Task } from "./task.ts";

/** What this build can tell, in the order of queueing; what a newer one has queued waits for it. */
const queued = (core: Core, after: number) => core.stores.ledger.queued(after);

/** Tells D1 of invitations and of the conversation itself, in order. */
export const invitationsTask: Task = {
  name: "invitations",
  neighbour: "directory",
  dueAt: (core) => (queued(core, 0).some(({ task }) => task !== null) ? core.deps.now() : null),
  async run(core) {
    const { conversation } = core.get();
    let after = 0;
    for (;;) {
      const entries = queued(core, after);
      if (entries.length === 0) return;
      for (const { id, task } of entries) {
        after = id;
        if (!task) continue;
        await core.deps.tell(conversation, task);
        core.stores.ledger.unqueue(id);
      }
    }
  },
};

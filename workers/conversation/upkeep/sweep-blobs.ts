import { blobKey } from "../../attachments/bucket.ts";
import { toBase64url } from "../../protocol/bytes.ts";
import type { Core } from "../core.ts";
import type { StoredBlob } from "../rules/upload.ts";
import { TUNING } from "../settings.ts";
import type { Task } from "./task.ts";

/** Everything of it that R2 has. May be repeated; rejects if R2 was out of reach. */
async function remove(core: Core, { blob, upload }: StoredBlob): Promise<void> {
  const key = blobKey(core.get().conversation, blob);
  if (upload !== null) await core.deps.blobs.abort(key, upload);
  await core.deps.blobs.delete(key);
}

/** Changes the row unless it has become something else while R2 was awaited. */
function step(core: Core, before: StoredBlob, change: (now: number) => void): void {
  core.transact(() => {
    const { phase, at } = core.stores.blobs.get(before.blob) ?? {};
    if (phase === before.phase && at === before.at) change(core.deps.now());
  });
}

async function sweepOne(core: Core, row: StoredBlob): Promise<void> {
  const { blobs } = core.stores;
  switch (row.phase) {
    case "reserving":
      return step(core, row, () => blobs.delete(row.blob));
    // Nobody went on with it, or no message came to name it: from the next step on it is served to nobody.
    case "open":
    case "complete":
      return step(core, row, (now) => blobs.end(row.blob, now));
    case "ended":
      await remove(core, row);
      return step(core, row, (now) => {
        blobs.forgetParts(row.blob);
        blobs.put({ ...row, phase: "removed", upload: null, at: now });
      });
    case "removed":
      await remove(core, row);
      return step(core, row, () => blobs.delete(row.blob));
  }
}

/** What failed goes behind the others, so that some that R2 keeps refusing hold up none. */
async function attempt(core: Core, row: StoredBlob): Promise<void> {
  try {
    await sweepOne(core, row);
  } catch (error) {
    step(core, row, (now) => core.stores.blobs.put({ ...row, at: now }));
    throw error;
  }
}

const isFree = (core: Core, { blob }: StoredBlob): boolean =>
  !core.assembling.has(toBase64url(blob));

/**
 * Ends uploads that were abandoned and files that no message names, and deletes what has ended: from R2 at once, and
 * once more when no part can be on its way any more (M5, A6).
 */
export const blobsTask: Task = {
  name: "blobs",
  neighbour: "files",
  dueAt: ({ memory, stores }) => (memory ? stores.blobs.nextDue() : null),
  async run(core) {
    const now = core.deps.now();
    const due = core.stores.blobs
      .dueUntil(now, TUNING.blobSlice)
      .filter((row) => isFree(core, row));
    const swept = await Promise.allSettled(due.map((row) => attempt(core, row)));
    const failed = swept.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  },
};

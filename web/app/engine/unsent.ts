import type { CatchUp } from "./catch-up.ts";
import type { Library } from "./library.ts";
import type { Sender } from "./send.ts";

/** Messages of this device that no server has, after one more attempt to send them. */
export async function countUnsent(
  library: Library,
  catchUp: CatchUp,
  sender: Sender,
): Promise<number> {
  for (const [id, record] of await library.records()) {
    if (record.outbox.length === 0) continue;
    // The log may show that it arrived although the answer was lost.
    await catchUp.newer(id);
    await sender.flush(id);
  }
  const after = [...(await library.records()).values()];
  return after.reduce((sum, record) => sum + record.outbox.length, 0);
}

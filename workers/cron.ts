import { sweep as sweepAccounts } from "./accounts/sweep.ts";
import { sweep as wakeThoseBehind } from "./registry/sweep.ts";

/** A folder's own removal of what has run out; running it twice does no harm. */
type Sweep = (env: Cloudflare.Env, now: number) => Promise<void>;

const sweeps: readonly Sweep[] = [sweepAccounts, wakeThoseBehind];

/** What the cron trigger does: one sweep of each folder. Rejects if one failed; the others have run. */
export async function sweepAll(env: Cloudflare.Env, now: number): Promise<void> {
  const outcomes = await Promise.allSettled(sweeps.map((sweep) => sweep(env, now)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

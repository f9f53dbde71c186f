import { useSignal } from "@preact/signals";
import type { Outcome } from "../../app/models.ts";
import type { Failure } from "./problem.tsx";

/** One thing that a button starts: busy while it runs, its failure until the next try, never twice at once. */
export function useAction() {
  const busy = useSignal(false);
  const failure = useSignal<Failure | null>(null);

  /** The value, or null when it failed (said in `failure`) or is already under way. */
  async function run<T>(work: () => Promise<Outcome<T>>): Promise<{ value: T } | null> {
    if (busy.peek()) return null;
    busy.value = true;
    failure.value = null;
    try {
      const outcome = await work();
      if (outcome.ok) return { value: outcome.value };
      failure.value = outcome;
    } catch {
      failure.value = { ok: false, problem: "internal" };
    } finally {
      busy.value = false;
    }
    return null;
  }

  return { busy, failure, run };
}

import type { ConversationId } from "../../app/ids.ts";
import { signal } from "@preact/signals";
import type { ConversationsModel, Outcome } from "../../app/models.ts";
import type { Failure } from "../kit/problem.tsx";

/** What was done last, for as long as it can be undone or should be read. */
export type Done =
  | {
      readonly kind: "archived";
      readonly ids: readonly ConversationId[];
      readonly archived: boolean;
    }
  | { readonly kind: "failed"; readonly failure: Failure };

export const lastDone = signal<Done | null>(null);

/** Says what came of it: what can be undone, or why it was not done. */
export async function settle(work: Promise<Outcome>, done: Done | null): Promise<void> {
  const outcome = await work;
  lastDone.value = outcome.ok ? done : { kind: "failed", failure: outcome };
}

/** Archives or brings back; `undoable` unless it is itself the undoing. */
export const setArchived = (
  model: ConversationsModel,
  ids: readonly ConversationId[],
  archived: boolean,
  undoable = true,
): Promise<void> =>
  settle(model.setArchived(ids, archived), undoable ? { kind: "archived", ids, archived } : null);

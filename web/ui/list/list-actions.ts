import { signal } from "@preact/signals";
import type { ConversationsModel, Outcome } from "../../app/models.ts";
import type { ConversationRow, MuteUntil } from "../../app/view.ts";
import type { MenuBranch, MenuItem } from "../kit/menu.tsx";
import type { Failure } from "../kit/problem.tsx";
import { text } from "../text/language.ts";
import { MUTE_SPANS, muteEnd } from "./mute-spans.ts";

/** What was done last, for as long as it can be undone or should be read. */
export type Done =
  | { readonly kind: "archived"; readonly ids: readonly string[]; readonly archived: boolean }
  | { readonly kind: "failed"; readonly failure: Failure };

export const lastDone = signal<Done | null>(null);

async function settle(work: Promise<Outcome>, done: Done | null): Promise<void> {
  const outcome = await work;
  lastDone.value = outcome.ok ? done : { kind: "failed", failure: outcome };
}

/** Archives or brings back; `undoable` unless it is itself the undoing. */
export const setArchived = (
  model: ConversationsModel,
  ids: readonly string[],
  archived: boolean,
  undoable = true,
): Promise<void> =>
  settle(model.setArchived(ids, archived), undoable ? { kind: "archived", ids, archived } : null);

/** What one can do with a conversation as a whole. */
export function conversationMenu(
  model: ConversationsModel,
  { id, pinned, muted, archived }: ConversationRow,
): readonly (MenuItem | MenuBranch)[] {
  const t = text().menu;
  const setMuted = (until: MuteUntil | null): void =>
    void settle(model.setMuted(id, until), lastDone.peek());
  return [
    {
      label: pinned ? t.unpin : t.pin,
      icon: "pin",
      onChoose: () => void settle(model.setPinned(id, !pinned), lastDone.peek()),
    },
    muted
      ? { label: t.unmute, icon: "mute", onChoose: () => setMuted(null) }
      : {
          label: t.mute,
          icon: "mute",
          items: MUTE_SPANS.map((span) => ({
            label: text().mutes[span],
            icon: span === "always" ? "mute" : "clock",
            onChoose: () => setMuted(muteEnd(span, Date.now())),
          })),
        },
    {
      label: archived ? t.unarchive : t.archive,
      icon: "archive",
      onChoose: () => void setArchived(model, [id], !archived),
    },
  ];
}

import type { ConversationsModel } from "../../app/models.ts";
import type { ConversationSummary, MuteUntil } from "../../app/view.ts";
import { exactNow } from "../kit/clock.ts";
import { Menu, type MenuBranch, type MenuItem, type MenuPlace } from "../kit/menu.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { lastDone, setArchived, settle } from "./list-actions.ts";
import { MUTE_SPANS, muteEnd } from "./mute-spans.ts";

interface Props {
  readonly label: string;
  readonly row: ConversationSummary;
  readonly at: MenuPlace;
  readonly onClose: () => void;
}

/** What one can do with a conversation as a whole. */
export function ConversationMenu({ label, row, at, onClose }: Props) {
  const { conversations } = useModels();
  return <Menu label={label} items={menuOf(conversations, row)} at={at} onClose={onClose} />;
}

function menuOf(
  model: ConversationsModel,
  { id, pinned, muted, archived }: ConversationSummary,
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
            onChoose: () => setMuted(muteEnd(span, exactNow())),
          })),
        },
    {
      label: archived ? t.unarchive : t.archive,
      icon: "archive",
      onChoose: () => void setArchived(model, [id], !archived),
    },
  ];
}

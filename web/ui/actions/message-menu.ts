import type { MenuItem } from "../kit/menu.tsx";
import { text } from "../text/language.ts";
import type { MessageItem } from "../message/blocks.ts";
import { isChangeable, isEditable } from "../composer/changeable.ts";

interface MenuActions {
  readonly reply: () => void;
  readonly react: () => void;
  readonly edit: () => void;
  readonly copy: () => void;
  readonly save: () => void;
  /** null: there is nobody else to send it to */
  readonly forward: (() => void) | null;
  readonly remove: () => void;
}

/** What one can do with a message now: one that has no place yet can be neither answered nor changed. */
export function messageMenu(
  item: MessageItem,
  now: number,
  { reply, react, edit, copy, save, forward, remove }: MenuActions,
): readonly MenuItem[] {
  const t = text().actions;
  const f = text().files;
  const hasFile = item.file !== undefined;
  const isPlaced = item.seq !== null;
  const isOpen = isChangeable(item, now);
  const items: readonly (MenuItem | false)[] = [
    isPlaced && { label: t.reply, icon: "reply", onChoose: reply },
    isPlaced && { label: t.react, icon: "smile", onChoose: react },
    isEditable(item, now) && { label: t.edit, icon: "edit", onChoose: edit },
    item.text !== "" && { label: t.copy, icon: "copy", onChoose: copy },
    hasFile && { label: f.save, icon: "save", onChoose: save },
    hasFile &&
      isPlaced &&
      forward !== null && { label: f.forward, icon: "forward", onChoose: forward },
    isOpen && { label: t.delete, icon: "trash", danger: true, onChoose: remove },
  ];
  return items.filter((entry) => entry !== false);
}

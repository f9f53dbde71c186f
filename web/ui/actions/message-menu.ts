import type { MenuItem } from "../kit/menu.tsx";
import { text } from "../text/language.ts";
import type { MessageItem } from "../message/blocks.ts";
import { isChangeable } from "../composer/changeable.ts";

interface MenuActions {
  readonly reply: () => void;
  readonly react: () => void;
  readonly edit: () => void;
  readonly copy: () => void;
  readonly remove: () => void;
}

/** What one can do with a message now: one that has no place yet can be neither answered nor changed. */
export function messageMenu(
  item: MessageItem,
  now: number,
  { reply, react, edit, copy, remove }: MenuActions,
): readonly MenuItem[] {
  const t = text().actions;
  const isPlaced = item.seq !== null;
  const isOpen = isChangeable(item, now);
  const items: readonly (MenuItem | false)[] = [
    isPlaced && { label: t.reply, icon: "reply", onChoose: reply },
    isPlaced && { label: t.react, icon: "smile", onChoose: react },
    isOpen && { label: t.edit, icon: "edit", onChoose: edit },
    { label: t.copy, icon: "copy", onChoose: copy },
    isOpen && { label: t.delete, icon: "trash", danger: true, onChoose: remove },
  ];
  return items.filter((entry) => entry !== false);
}

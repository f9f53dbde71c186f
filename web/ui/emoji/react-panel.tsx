import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type FloatingPlace, useFloating } from "../kit/floating.ts";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text/language.ts";
import { EmojiPanel } from "./emoji-panel.tsx";

interface Props {
  readonly at: FloatingPlace;
  /** what the person has chosen already */
  readonly own: string | null;
  readonly onChoose: (emoji: string) => void;
  readonly onClose: () => void;
}

/** A few that answer most messages, and the way to all others. */
export function ReactPanel(props: Props) {
  const all = useSignal(false);
  const { at, onChoose, onClose } = props;
  if (all.value) {
    const { react } = text().actions;
    return <EmojiPanel label={react} at={at} onChoose={onChoose} onClose={onClose} />;
  }
  return <QuickRow {...props} onMore={() => (all.value = true)} />;
}

function QuickRow({ at, own, onChoose, onClose, onMore }: Props & { onMore: () => void }) {
  const row = useRef<HTMLDivElement>(null);
  const t = text();
  const buttons = (): HTMLElement[] => [...(row.current?.querySelectorAll("button") ?? [])];
  useFloating(row, at, onClose, () => buttons()[0]?.focus());

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = buttons();
    const here = all.findIndex((button) => button === document.activeElement);
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) all[(here + 1) % all.length]?.focus();
    else if (event.key === backward) all.at(here - 1)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={row}
      class="quick-row"
      popover="manual"
      role="toolbar"
      aria-label={t.actions.react}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {Object.entries(t.reactions.quick).map(([sign, name]) => (
        <button
          key={sign}
          type="button"
          class="emoji-cell"
          tabIndex={-1}
          aria-label={name}
          aria-pressed={own === sign}
          title={name}
          onClick={() => onChoose(sign)}
        >
          {sign}
        </button>
      ))}
      <button
        type="button"
        class="icon-button"
        tabIndex={-1}
        aria-label={t.reactions.more}
        title={t.reactions.more}
        onClick={onMore}
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}

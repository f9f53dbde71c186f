import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { type FloatingPlace, placeAbove } from "../kit/floating.ts";
import { Icon } from "../kit/icon.tsx";
import { lazyPart } from "../kit/lazy-part.tsx";
import { text } from "../text/language.ts";

const EmojiPanel = lazyPart(async () => (await import("../emoji/emoji-panel.tsx")).EmojiPanel);

interface Props {
  readonly box: RefObject<HTMLTextAreaElement>;
  readonly write: (value: string) => void;
  readonly onMissing: () => void;
}

/** Puts emoji where the caret is. The grid stays open, since one is seldom enough. */
export function EmojiButton({ box, write, onMissing }: Props) {
  const at = useSignal<FloatingPlace | null>(null);
  const name = text().emoji.name;

  const insert = (emoji: string): void => {
    const element = box.current;
    if (!element) return;
    element.setRangeText(emoji, element.selectionStart, element.selectionEnd, "end");
    write(element.value);
  };
  const close = (): void => {
    at.value = null;
    box.current?.focus();
  };
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={name}
        title={name}
        aria-haspopup="dialog"
        aria-expanded={at.value !== null}
        onClick={(event) => {
          at.value = at.peek() === null ? placeAbove(event.currentTarget) : null;
        }}
      >
        <Icon name="smile" />
      </button>
      {at.value !== null && (
        <EmojiPanel
          label={name}
          at={at.value}
          onChoose={insert}
          onClose={close}
          onMissing={() => {
            at.value = null;
            onMissing();
          }}
        />
      )}
    </>
  );
}

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { type FloatingPlace, useFloating } from "../kit/floating.ts";
import { Icon } from "../kit/icon.tsx";
import { IconButton } from "../kit/button.tsx";
import { language, text } from "../text/language.ts";
import { type EmojiGroup, findEmoji } from "./emoji-data.ts";
import { EmojiGrid } from "./emoji-grid.tsx";
import { loadEmoji } from "./load-emoji.ts";
import { recentEmoji, rememberEmoji } from "./recent-emoji.ts";
import "../styles/emoji.css";

interface Props {
  readonly label: string;
  readonly at: FloatingPlace;
  readonly onChoose: (emoji: string) => void;
  readonly onClose: () => void;
}

/** A keyboard on glass would cover the grid before anything was asked for. */
const hasKeyboard = (): boolean => !matchMedia("(hover: none) and (pointer: coarse)").matches;

/** What is shown for a search: what was found, else the recent ones and all groups. */
function useGroups(all: readonly EmojiGroup[] | null, query: string): readonly EmojiGroup[] {
  const t = text().emoji;
  // As it was on opening: choosing one must not move the others under the finger.
  const recent = useMemo(recentEmoji, []);
  return useMemo(() => {
    if (all === null) return [];
    if (query.trim() !== "") {
      const found = findEmoji(all, query);
      return found.length > 0 ? [{ name: t.found, emoji: found }] : [];
    }
    const known = new Map(all.flatMap(({ emoji }) => emoji.map((one) => [one.sign, one])));
    const used = recent.flatMap((sign) => known.get(sign) ?? []);
    return used.length > 0 ? [{ name: t.recent, emoji: used }, ...all] : all;
  }, [all, query]);
}

/** All emoji, to be searched in the language of the person. */
export function EmojiPanel({ label, at, onChoose, onClose }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const all = useSignal<readonly EmojiGroup[] | null>(null);
  const missing = useSignal(false);
  const query = useSignal("");
  const t = text();
  const groups = useGroups(all.value, query.value);
  useFloating(panel, at, onClose, (element) =>
    (hasKeyboard() ? search.current : element)?.focus({ preventScroll: true }),
  );
  useEffect(() => {
    let gone = false;
    const load = async (): Promise<void> => {
      try {
        const found = await loadEmoji(language.value);
        if (!gone) all.value = found;
      } catch {
        if (!gone) missing.value = true;
      }
    };
    void load();
    return () => void (gone = true);
  }, []);

  const choose = (sign: string): void => {
    rememberEmoji(sign);
    onChoose(sign);
  };
  const first = (): HTMLElement | null =>
    panel.current?.querySelector<HTMLElement>('[data-spot="0-0"]') ?? null;

  const onKeyDown = (event: KeyboardEvent): void => {
    const inSearch = event.target === search.current;
    if (event.key === "Escape") onClose();
    else if (inSearch && event.key === "ArrowDown") first()?.focus();
    else if (inSearch && event.key === "Enter" && query.value.trim() !== "") first()?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of all that is inside
    <div
      ref={panel}
      class="emoji-panel"
      popover="manual"
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div class="emoji-search">
        <Icon name="search" size={18} />
        <input
          ref={search}
          type="search"
          aria-label={t.emoji.search}
          placeholder={t.emoji.search}
          autocomplete="off"
          enterkeyhint="search"
          onInput={(event) => (query.value = event.currentTarget.value)}
        />
        <IconButton icon="close" label={t.common.close} onClick={onClose} />
      </div>
      {missing.value && (
        <p class="emoji-note error" role="alert">
          {t.emoji.missing}
        </p>
      )}
      <p
        class={groups.length === 0 && all.value ? "emoji-note quiet" : "hidden-text"}
        role="status"
      >
        {groups.length === 0 && all.value ? t.emoji.none : ""}
      </p>
      <EmojiGrid groups={groups} onChoose={choose} onLeave={() => search.current?.focus()} />
    </div>
  );
}

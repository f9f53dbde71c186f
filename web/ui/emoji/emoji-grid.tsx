import { useMemo, useRef } from "preact/hooks";
import type { Emoji, EmojiGroup } from "./emoji-data.ts";
import { moveTo, type Spot } from "./grid-move.ts";
import { isRtl } from "../kit/direction.ts";

interface GridProps {
  readonly groups: readonly EmojiGroup[];
  readonly onChoose: (sign: string) => void;
  /** Up from the first row. */
  readonly onLeave: () => void;
}

/** How many stand in a row, as the style sheet has laid them out. */
function columnsOf(group: Element | null): number {
  const buttons = [...(group?.querySelectorAll<HTMLElement>("button") ?? [])];
  const top = buttons[0]?.offsetTop;
  const wrapped = buttons.findIndex((button) => button.offsetTop !== top);
  return Math.max(1, wrapped < 0 ? buttons.length : wrapped);
}

/** The longest row: a group of few says less about the width than one of many. */
const columnsIn = (root: HTMLElement): number =>
  Math.max(1, ...[...root.querySelectorAll(".emoji-group")].slice(0, 3).map(columnsOf));

/** One tab stop; arrows move, Enter and Space choose, as on any button. */
export function EmojiGrid({ groups, onChoose, onLeave }: GridProps) {
  const root = useRef<HTMLDivElement>(null);

  // The very same cells are not compared again with every emoji that is put in.
  const cells = useMemo(
    () => groups.map((group, n) => <Group key={group.name} group={group} number={n} />),
    [groups],
  );

  const buttonAt = ({ group, index }: Spot): HTMLElement | null =>
    root.current?.querySelector<HTMLElement>(`[data-spot="${group}-${index}"]`) ?? null;

  const onKeyDown = (event: KeyboardEvent): void => {
    const spot = spotOf(event.target);
    if (!spot || !root.current) return;
    const sizes = groups.map(({ emoji }) => emoji.length);
    const to = moveTo(event.key, spot, sizes, columnsIn(root.current), isRtl());
    if (to === null) return;
    event.preventDefault();
    const isSame = to.group === spot.group && to.index === spot.index;
    if (isSame && event.key === "ArrowUp") onLeave();
    else buttonAt(to)?.focus();
  };

  return (
    <div
      ref={root}
      class="emoji-groups"
      role="presentation"
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const sign = buttonOf(event.target)?.dataset["sign"];
        if (sign !== undefined) onChoose(sign);
      }}
    >
      {cells}
    </div>
  );
}

const buttonOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>("button[data-sign]") : null;

function spotOf(target: EventTarget | null): Spot | null {
  const [group, index] = buttonOf(target)?.dataset["spot"]?.split("-").map(Number) ?? [];
  return group === undefined || index === undefined ? null : { group, index };
}

/** Its rows are laid out only when they come into sight (content-visibility). */
function Group({ group, number }: { group: EmojiGroup; number: number }) {
  return (
    <section class="emoji-group" aria-label={group.name}>
      <h3>{group.name}</h3>
      <div class="emoji-cells">
        {group.emoji.map((emoji, index) => (
          <Cell key={emoji.sign} emoji={emoji} spot={`${number}-${index}`} />
        ))}
      </div>
    </section>
  );
}

function Cell({ emoji: { sign, name }, spot }: { emoji: Emoji; spot: string }) {
  return (
    <button
      type="button"
      class="emoji-cell"
      data-sign={sign}
      data-spot={spot}
      tabIndex={spot === "0-0" ? 0 : -1}
      aria-label={name}
      title={name}
    >
      {sign}
    </button>
  );
}

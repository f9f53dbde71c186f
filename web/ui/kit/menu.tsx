import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { type FloatingPlace, placeAt, useFloating } from "./floating.ts";
import { isRtl } from "./direction.ts";
import { Icon, type IconName } from "./icon.tsx";
import "../styles/menu.css";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  /** takes something away for good */
  readonly danger?: boolean;
  readonly onChoose: () => void;
}

/** An item that leads to further ones, which take the menu's place. */
export interface MenuBranch {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly MenuItem[];
}

/** Where a menu hangs. */
export type MenuPlace = FloatingPlace;

interface MenuProps {
  readonly label: string;
  readonly items: readonly (MenuItem | MenuBranch)[];
  readonly at: MenuPlace;
  /** said under the items, and read out with the menu */
  readonly note?: string;
  readonly onClose: () => void;
}

/**
 * A menu, open for as long as it is rendered: arrows move in it, Escape and Tab close it, and the focus goes back
 * to where it came from. It lies above everything, so no scrolling box cuts it off.
 */
export function Menu({ label, items, at, note, onClose }: MenuProps) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const branch = useSignal<MenuBranch | null>(null);
  /** what was shown before; nothing at first */
  const left = useRef<string | null>();

  const show = (next: MenuBranch | null): void => {
    left.current = branch.peek()?.label ?? null;
    branch.value = next;
  };

  // The first of the further items has the focus; on the way back, the item that led to them.
  useLayoutEffect(() => {
    if (menu.current === null || left.current === undefined) return;
    placeAt(menu.current, at);
    const all = itemsOf(menu.current);
    (all.find((item) => item.textContent === left.current) ?? all[0])?.focus();
  }, [branch.value]);

  useFloating(menu, at, onClose, (element) => itemsOf(element)[0]?.focus());
  useEffect(() => {
    window.addEventListener("resize", onClose);
    return () => window.removeEventListener("resize", onClose);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = itemsOf(menu.current);
    const here = all.findIndex((item) => item === document.activeElement);
    const target = targetOf(event.key, here, all.length);
    const isBack = event.key === "Escape" || event.key === (isRtl() ? "ArrowRight" : "ArrowLeft");
    if (target !== null) all[target]?.focus();
    else if (isBack && branch.peek() !== null) show(null);
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={menu}
      class="menu"
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-label={branch.value?.label ?? label}
      aria-describedby={note === undefined ? undefined : id}
      onKeyDown={onKeyDown}
    >
      {(branch.value?.items ?? items).map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class={"danger" in item && item.danger ? "danger" : undefined}
          aria-haspopup={"items" in item ? "menu" : undefined}
          onClick={() => {
            if ("items" in item) return show(item);
            onClose();
            item.onChoose();
          }}
        >
          <Icon name={item.icon} size={18} />
          {item.label}
        </button>
      ))}
      {note !== undefined && (
        <span class="menu-note" role="none" id={id}>
          {note}
        </span>
      )}
    </div>
  );
}

const itemsOf = (menu: HTMLElement | null): HTMLElement[] =>
  Array.from(menu?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? []);

/** The item that a key leads to, around the ends; null for other keys. */
function targetOf(key: string, here: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return (here + 1) % count;
    case "ArrowUp":
      return (here - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

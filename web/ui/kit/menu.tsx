import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";
import "../styles/menu.css";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly onChoose: () => void;
}

/** An item that leads to further ones, which take the menu's place. */
export interface MenuBranch {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly MenuItem[];
}

/** Where a menu hangs: below this point, towards the start or the end of the line. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
  readonly towards: "start" | "end";
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly (MenuItem | MenuBranch)[];
  readonly at: MenuPlace;
  readonly onClose: () => void;
}

const EDGE = 8;

const isRtl = (): boolean => document.documentElement.dir === "rtl";

/** Under the end of a button. */
export function placeUnder(button: Element): MenuPlace {
  const { left, right, bottom } = button.getBoundingClientRect();
  return { x: isRtl() ? left : right, y: bottom, towards: "start" };
}

/**
 * A menu, open for as long as it is rendered: arrows move in it, Escape and Tab close it, and the focus goes back
 * to where it came from. It lies above everything, so no scrolling box cuts it off.
 */
export function Menu({ label, items, at, onClose }: MenuProps) {
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
    place(menu.current, at);
    const all = itemsOf(menu.current);
    (all.find((item) => item.textContent === left.current) ?? all[0])?.focus();
  }, [branch.value]);

  useLayoutEffect(() => {
    const element = menu.current;
    const before = document.activeElement;
    if (!element) return;
    element.showPopover();
    place(element, at);
    itemsOf(element)[0]?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !element.contains(event.target)) onClose();
    };
    document.addEventListener("pointerdown", outside, true);
    window.addEventListener("resize", onClose);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      window.removeEventListener("resize", onClose);
      const inside = element.contains(document.activeElement);
      if (inside && before instanceof HTMLElement && before.isConnected) before.focus();
    };
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
      onKeyDown={onKeyDown}
    >
      {(branch.value?.items ?? items).map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
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
    </div>
  );
}

function place(menu: HTMLElement, at: MenuPlace): void {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const leftwards = (at.towards === "start") !== isRtl();
  const left = leftwards ? at.x - width : at.x;
  menu.style.left = `${clamp(left, EDGE, window.innerWidth - width - EDGE)}px`;
  menu.style.top = `${clamp(at.y, EDGE, window.innerHeight - height - EDGE)}px`;
}

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, high));

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

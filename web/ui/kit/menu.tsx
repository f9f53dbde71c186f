import { useEffect, useRef } from "preact/hooks";
import { endOf, type FloatingPlace, useFloating } from "./floating.ts";
import { Icon, type IconName } from "./icon.tsx";
import "../styles/menu.css";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  /** takes something away for good */
  readonly danger?: boolean;
  readonly onChoose: () => void;
}

/** Where a menu hangs. */
export type MenuPlace = FloatingPlace;

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly at: MenuPlace;
  readonly onClose: () => void;
}

/** Under the end of a button. */
export function placeUnder(button: Element): MenuPlace {
  return { x: endOf(button), y: button.getBoundingClientRect().bottom, towards: "start" };
}

/**
 * A menu, open for as long as it is rendered: arrows move in it, Escape and Tab close it, and the focus goes back
 * to where it came from. It lies above everything, so no scrolling box cuts it off.
 */
export function Menu({ label, items, at, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);

  useFloating(menu, at, onClose, (element) => itemsOf(element)[0]?.focus());
  useEffect(() => {
    window.addEventListener("resize", onClose);
    return () => window.removeEventListener("resize", onClose);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = itemsOf(menu.current);
    const here = all.findIndex((item) => item === document.activeElement);
    const target = targetOf(event.key, here, all.length);
    if (target !== null) all[target]?.focus();
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
      aria-label={label}
      onKeyDown={onKeyDown}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class={item.danger ? "danger" : undefined}
          onClick={() => {
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

import type { ConversationId } from "../../app/ids.ts";
import { useSignal } from "@preact/signals";
import { type ComponentChildren, type CSSProperties, type Ref, createContext } from "preact";
import { forwardRef, memo } from "preact/compat";
import { useContext, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { ConversationSummary } from "../../app/view.ts";
import { alwaysPressable } from "../kit/always-pressable.ts";
import { IconButton } from "../kit/button.tsx";
import { type FloatingPlace, placeUnder } from "../kit/floating.ts";
import { text } from "../text/language.ts";
import { chip, keepPlaceOfList, placeOfList, query } from "./list-state.ts";
import { RowBody } from "./row.tsx";

export interface ListHandle {
  /** Moves the focus by so many rows, from the one that has it or is on screen. */
  move(by: number): void;
  /** The focus comes back to the row that had it, or is on screen, or is the first. */
  focus(): void;
}

interface ListProps {
  readonly rows: readonly ConversationSummary[];
  readonly selected: ConversationId | null;
  /** null: rows are links; else they are picked */
  readonly picked: ReadonlySet<ConversationId> | null;
  readonly onPick: (id: ConversationId) => void;
  readonly onMenu: (row: ConversationSummary, at: FloatingPlace) => void;
  readonly handle: Ref<ListHandle>;
}

const ROW_PX = 60;
/** Above the first row, as in list.css. */
const ABOVE_PX = 4;
/** A row that was far away is there a frame or two after it was scrolled to. */
const FRAMES = 10;

const rowId = (id: ConversationId): string => `row-${id}`;
const Size = createContext(0);

interface ItemProps {
  readonly style: CSSProperties;
  readonly index: number;
  readonly children: ComponentChildren;
}

/** Only the rows in sight are in the document: each says which of how many it is. */
const Item = forwardRef<HTMLLIElement, ItemProps>(({ style, index, children }, ref) => (
  <li ref={ref} style={style} aria-setsize={useContext(Size)} aria-posinset={index + 1}>
    {children}
  </li>
));

const Rows = forwardRef<HTMLUListElement, { style: CSSProperties; children: ComponentChildren }>(
  ({ style, children }, ref) => (
    <ul ref={ref} style={alwaysPressable(style)}>
      {children}
    </ul>
  ),
);

/** Rows in the order given; a list of hundreds costs no more than what is in sight. */
export function ConversationList(props: ListProps) {
  const { rows, selected, picked, onPick, onMenu, handle } = props;
  const list = useRef<HTMLDivElement>(null);
  const virtual = useRef<VirtualizerHandle>(null);
  /** the row that has, or last had, the focus */
  const active = useSignal<string | null>(null);
  const activeIndex = useRef(-1);
  /** counts the moves of the focus: a newer one ends what an older one still waits for */
  const turns = useRef(0);

  const indexOf = (key: string | null): number => rows.findIndex((row) => row.id === key);
  const focusRow = (index: number): void => {
    const row = rows[index];
    if (!row) return;
    // What is in sight is left where it is.
    virtual.current?.scrollToIndex(index, { align: "nearest" });
    const turn = ++turns.current;
    // The row may be there only after the next frames, and be moved about while rows come before it.
    const attempt = (left: number): void => {
      if (turn !== turns.current) return;
      const element = document.getElementById(rowId(row.id));
      const here = document.activeElement;
      if (element && here !== element && (left === FRAMES || isFree(here, list.current))) {
        element.focus({ preventScroll: true });
      }
      if (left > 0) requestAnimationFrame(() => attempt(left - 1));
    };
    attempt(FRAMES);
  };
  const current = (): number => {
    const had = indexOf(active.peek());
    return had >= 0 && hasFocus(list.current)
      ? had
      : indexOf(selected) >= 0
        ? indexOf(selected)
        : had;
  };

  useImperativeHandle(handle, () => ({
    move(by) {
      const from = current();
      const to = from < 0 ? 0 : from + by;
      focusRow(Math.max(0, Math.min(rows.length - 1, to)));
    },
    focus: () => focusRow(Math.max(0, current())),
  }));

  useLayoutEffect(() => {
    const scroller = list.current?.parentElement;
    if (scroller && placeOfList() > 0) scroller.scrollTop = placeOfList();
  }, []);

  // Other rows than before are read from the top.
  const shown = `${chip.value} ${query.value}`;
  const before = useRef(shown);
  useLayoutEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    virtual.current?.scrollTo(0);
  }, [shown]);

  // The row that had the focus may go, archived: its neighbour takes it, so that the keyboard stays in the list.
  useEffect(() => {
    const index = indexOf(active.peek());
    if (index >= 0) activeIndex.current = index;
    else if (active.peek() !== null && document.activeElement === document.body) {
      focusRow(Math.min(activeIndex.current, rows.length - 1));
    }
  }, [rows]);

  const kept = indexOf(active.value);
  return (
    <div
      ref={list}
      class="rows"
      onFocusIn={(event) => {
        active.value = keyOf(event.target);
        activeIndex.current = indexOf(active.value);
      }}
    >
      <Size.Provider value={rows.length}>
        <Virtualizer
          ref={virtual}
          as={Rows}
          item={Item}
          itemSize={ROW_PX}
          startMargin={ABOVE_PX}
          scrollRef={{
            get current() {
              return list.current?.parentElement ?? null;
            },
          }}
          keepMounted={kept >= 0 ? [kept] : []}
          data={rows}
          onScroll={keepPlaceOfList}
        >
          {(row) =>
            picked === null ? (
              <LinkRow key={row.id} row={row} isSelected={row.id === selected} onMenu={onMenu} />
            ) : (
              <PickRow
                key={row.id}
                row={row}
                isPicked={picked.has(row.id)}
                onPick={() => onPick(row.id)}
              />
            )
          }
        </Virtualizer>
      </Size.Provider>
    </div>
  );
}

/** Whether the focus may be taken from there: it is lost, or on another row. */
const isFree = (here: Element | null, list: Element | null): boolean =>
  here === null || here === document.body || (list?.contains(here) ?? false);

const hasFocus = (element: Element | null): boolean =>
  element?.contains(document.activeElement) ?? false;

/** The key of the row that this element belongs to. */
function keyOf(target: EventTarget | null): string | null {
  const row = target instanceof Element ? target.closest("[data-row]") : null;
  return row?.getAttribute("data-row") ?? null;
}

interface LinkRowProps {
  readonly row: ConversationSummary;
  readonly isSelected: boolean;
  readonly onMenu: ListProps["onMenu"];
}

/** While one scrolls, rows that stay in sight are not made anew. */
const LinkRow = memo(({ row, isSelected, onMenu }: LinkRowProps) => {
  return (
    <div
      class="row-frame"
      data-row={row.id}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(row, { x: event.clientX, y: event.clientY, towards: "end" });
      }}
    >
      <a
        class="row"
        id={rowId(row.id)}
        href={`/c/${row.id}`}
        aria-current={isSelected ? "page" : undefined}
      >
        <RowBody row={row} />
      </a>
      <IconButton
        icon="more"
        class="row-menu"
        label={text().menu.row(row.title)}
        expanded={false}
        onClick={(event) => onMenu(row, placeUnder(event.currentTarget))}
      />
    </div>
  );
});

function PickRow(props: { row: ConversationSummary; isPicked: boolean; onPick: () => void }) {
  const { row, isPicked, onPick } = props;
  return (
    <label class="row pick" data-row={row.id}>
      <span class="check">
        <input id={rowId(row.id)} type="checkbox" checked={isPicked} onChange={onPick} />
      </span>
      <RowBody row={row} />
    </label>
  );
}

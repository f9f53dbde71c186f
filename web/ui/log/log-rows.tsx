import type { ComponentChildren, CSSProperties, Ref } from "preact";
import { forwardRef, memo } from "preact/compat";
import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { alwaysPressable } from "../kit/always-pressable.ts";
import type { Block } from "../message/blocks.ts";
import { DayHeading } from "./day-heading.tsx";
import { DeletedMessage } from "../message/deleted-message.tsx";
import { Message } from "../message/message.tsx";
import { NoticeLine } from "./notice-line.tsx";
import { text } from "../text/language.ts";

/** Rows beyond the edges that are in the document: find-in-page and screen readers reach that far at once. */
const BEYOND_PX = 900;

interface LogRowsProps {
  readonly blocks: readonly Block[];
  readonly shift: boolean;
  readonly log: RefObject<HTMLElement>;
  readonly handle: Ref<VirtualizerHandle>;
  /** height of what stands above the rows */
  readonly above: number;
  /** the row that has the focus stays in the document */
  readonly focused: number;
  /** the row that was looked for */
  readonly found: string | null;
  readonly onMeasured: () => void;
  /** a frame after the document became as high as its rows */
  readonly onGrown: () => void;
  readonly onDay: () => void;
}

interface ContainerProps {
  readonly style: CSSProperties;
  readonly children: ComponentChildren;
}

/**
 * Tells, a frame later, of every height that the rows have got: when the list tells that it measured some, the document
 * is not as high as they are, and where those in sight are tall none is measured after that.
 */
const containerOf = (onHeight: () => void) =>
  forwardRef<HTMLDivElement, ContainerProps>(({ style, children }, ref) => {
    useLayoutEffect(() => {
      const frame = requestAnimationFrame(onHeight);
      return () => cancelAnimationFrame(frame);
    }, [style.height]);
    return (
      <div ref={ref} class="log-rows" style={alwaysPressable(style)}>
        {children}
      </div>
    );
  });

/** However long the history, the document holds what is in sight and a little more. */
export function LogRows(props: LogRowsProps) {
  const { blocks, shift, log, handle, above, focused, found, onMeasured, onGrown, onDay } = props;
  const grown = useRef(onGrown);
  grown.current = onGrown;
  const Container = useMemo(() => containerOf(() => grown.current()), []);
  return (
    <Virtualizer
      ref={handle}
      as={Container}
      data={blocks}
      shift={shift}
      scrollRef={log}
      startMargin={above}
      bufferSize={BEYOND_PX}
      keepMounted={focused >= 0 ? [focused] : []}
      onResize={onMeasured}
    >
      {(block) => (
        <LogRow key={block.key} block={block} isFound={block.key === found} onDay={onDay} />
      )}
    </Virtualizer>
  );
}

interface LogRowProps {
  readonly block: Block;
  readonly isFound: boolean;
  readonly onDay: () => void;
}

/** While one scrolls, rows that stay in sight are not made anew. */
const LogRow = memo(({ block, isFound, onDay }: LogRowProps) => (
  <div class={isFound ? "log-row found" : "log-row"}>
    <LogBlock block={block} onDay={onDay} />
  </div>
));

function LogBlock({ block, onDay }: { block: Block; onDay: () => void }) {
  switch (block.kind) {
    case "day":
      return <DayHeading at={block.at} onJump={onDay} />;
    case "new":
      return (
        <h2 class="new-divider" data-id={block.key}>
          {text().conversation.newMessages}
        </h2>
      );
    case "notice":
      return <NoticeLine item={block.item} />;
    case "deleted":
      return <DeletedMessage item={block.item} />;
    case "message":
      return <Message item={block.item} first={block.first} last={block.last} />;
  }
}

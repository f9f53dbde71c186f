import { useComputed, useSignal } from "@preact/signals";
import type { FunctionComponent, RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import type { VirtualizerHandle } from "virtua";
import type { Timeline } from "../../app/timeline.ts";
import { now } from "../kit/clock.ts";
import { Delayed } from "../kit/delayed.tsx";
import { Icon } from "../kit/icon.tsx";
import { lazyPart } from "../kit/lazy-part.tsx";
import { useModels } from "../state/models-context.ts";
import { fullDate } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { Arrivals } from "./arrivals.tsx";
import { type Block, layOut } from "../message/blocks.ts";
import { FloatingDay } from "./day-heading.tsx";
import { type Anchor, hasDayOnTop, rowOf } from "./keep-place.ts";
import { LogRows } from "./log-rows.tsx";
import { NewerMessages, OlderMessages, UPPER_END_PX } from "./older-messages.tsx";
import { nextStage } from "./stages.ts";
import { useKeptPlace } from "./use-kept-place.ts";
import { useLogScroll } from "./use-log-scroll.ts";
import "../styles/history.css";

type DateDialog = FunctionComponent<{ earliest: number; shown: number; onClose: () => void }>;

/** Nothing of it is needed to read. */
const MessageActions = lazyPart(
  async () => (await import("../actions/message-actions.tsx")).MessageActions,
);

export function MessageLog({ timeline }: { timeline: Timeline }) {
  const { conversation, conversations } = useModels();
  const log = useRef<HTMLDivElement>(null);
  const rows = useRef<VirtualizerHandle>(null);
  const { blocks, shift, isElsewhere, part } = useBlocks(timeline);
  const day = useSignal<number | null>(null);
  const focused = useSignal<string | null>(null);
  const found = useSignal<string | null>(null);
  const dialog = useSignal<DateDialog | null>(null);
  const t = text();

  const keep = useKeptPlace((place) => conversation.keepPlace(timeline.conversation, place));
  const placed = (anchor: Anchor | null): void => {
    const seen = timeline.items.find((item) => item.id === anchor?.key);
    const { current } = log;
    day.value = seen && current && !hasDayOnTop(current) ? seen.at : null;
    if (anchor === null) keep(null);
    else if (seen && seen.seq !== null) keep({ seq: seen.seq, top: Math.round(anchor.top) });
  };
  const { atBottom, missed, measured, grown, toLatest } = useLogScroll({
    log,
    rows,
    blocks,
    timeline,
    isElsewhere,
    onSeen: (seq) => conversation.read(seq),
    onPlace: placed,
    onFound(key) {
      found.value = key;
      const row = log.current && rowOf(log.current, key);
      row?.setAttribute("tabindex", "-1");
      row?.focus({ preventScroll: true });
    },
  });
  const away = useComputed(() => !atBottom.value);
  const latest = (): void => toLatest(() => conversation.showNewest());
  useEndKeys(log, latest);

  // Arrivals beyond the stretch are not counted here; the list knows what is unread.
  const row = conversations.list.value.find(({ id }) => id === timeline.conversation);
  const count = timeline.newer === "none" ? missed.value : (row?.unread ?? 0);
  const first = timeline.items[0];
  const last = timeline.items.at(-1);
  const isPart = timeline.older !== "none" || timeline.newer !== "none";
  const openDates = (): void =>
    void import("./date-dialog.tsx").then(({ DateDialog }) => (dialog.value = DateDialog));
  const Dates = dialog.value;
  const today = now.value;

  return (
    <div class="log-frame">
      <div
        class="log"
        role="log"
        aria-label={t.conversation.log}
        aria-live="off"
        aria-describedby={isPart ? "log-extent" : undefined}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so it takes the focus
        tabIndex={0}
        ref={log}
        onFocusIn={(event) => (focused.value = keyOf(event.target))}
      >
        <OlderMessages
          state={timeline.older}
          log={log}
          first={first?.id ?? null}
          saysBeginning={first?.kind === "notice" && first.notice.type === "created"}
        />
        {timeline.items.length === 0 && timeline.older === "none" && (
          <p class="log-empty quiet">{t.conversation.empty}</p>
        )}
        <LogRows
          key={part}
          blocks={blocks}
          shift={shift}
          log={log}
          handle={rows}
          above={UPPER_END_PX}
          focused={blocks.findIndex(({ key }) => key === focused.value)}
          found={found.value}
          onMeasured={measured}
          onGrown={grown}
          onDay={openDates}
        />
        {timeline.newer !== "none" && <NewerMessages log={log} last={last?.id ?? null} />}
      </div>
      {isPart && first && last && (
        <p class="hidden-text" id="log-extent">
          {t.history.extent(fullDate(locale.value, first.at), fullDate(locale.value, last.at))}
        </p>
      )}
      {day.value !== null && <FloatingDay at={day.value} onJump={openDates} />}
      {timeline.seeking !== null && <Seeking share={timeline.seeking} />}
      {away.value && (
        <button type="button" class="latest" onClick={latest}>
          {count > 0 && <span>{t.conversation.latestNew(count)}</span>}
          <span class="hidden-text">{t.conversation.latest}</span>
          <Icon name="down" />
        </button>
      )}
      {Dates && (
        <Dates
          earliest={Math.min(conversation.details.value?.createdAt ?? today, first?.at ?? today)}
          shown={day.value ?? last?.at ?? today}
          onClose={() => (dialog.value = null)}
        />
      )}
      <Arrivals timeline={timeline} />
      <MessageActions log={log} timeline={timeline} />
    </div>
  );
}

/** The blocks to render now, a stage at a time; `part` changes with the part of the history. */
function useBlocks(timeline: Timeline) {
  const shown = useRef<readonly Block[]>([]);
  const part = useRef(0);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  const target = useMemo(() => layOut(timeline, shown.current), [timeline]);
  const stage = shown.current === target ? null : nextStage(shown.current, target);
  const isElsewhere = stage !== null && stage.isElsewhere && shown.current.length > 0;
  if (isElsewhere) part.current += 1;
  if (stage) shown.current = stage.blocks;
  useLayoutEffect(() => {
    if (stage && !stage.isLast) renderAgain(undefined);
  });
  return { blocks: shown.current, shift: stage?.shift ?? false, isElsewhere, part: part.current };
}

function Seeking({ share }: { share: number }) {
  return (
    <Delayed>
      <div class="seeking">
        <output>{text().history.seeking}</output>
        <progress value={share} aria-label={text().history.seeking} />
      </div>
    </Delayed>
  );
}

function keyOf(target: EventTarget | null): string | null {
  const row = target instanceof Element ? target.closest("[data-id]") : null;
  return row?.getAttribute("data-id") ?? null;
}

/** Home and End reach the ends, as in any document. */
function useEndKeys(log: RefObject<HTMLElement>, toLatest: () => void): void {
  const latest = useRef(toLatest);
  latest.current = toLatest;
  useEffect(() => {
    const element = log.current;
    const onKey = (event: KeyboardEvent): void => {
      if (event.target !== element || !element) return;
      if (event.key === "End") latest.current();
      else if (event.key === "Home") element.scrollTop = 0;
      else return;
      event.preventDefault();
    };
    element?.addEventListener("keydown", onKey);
    return () => element?.removeEventListener("keydown", onKey);
  }, []);
}

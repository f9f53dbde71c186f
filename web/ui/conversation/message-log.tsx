import { useComputed } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Timeline } from "../../app/view.ts";
import { now } from "../kit/clock.ts";
import { Icon } from "../kit/icon.tsx";
import { lazyPart } from "../kit/lazy-part.tsx";
import { useModels } from "../shell/models-context.ts";
import { dayLabel } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { Arrivals } from "./arrivals.tsx";
import { type Block, layOut } from "./blocks.ts";
import { DeletedMessage } from "./deleted-message.tsx";
import { Message } from "./message.tsx";
import { NoticeLine } from "./notice-line.tsx";
import { OlderMessages } from "./older-messages.tsx";
import { useLogScroll } from "./use-log-scroll.ts";

/** Nothing of it is needed to read. */
const MessageActions = lazyPart(
  async () => (await import("../actions/message-actions.tsx")).MessageActions,
);

export function MessageLog({ timeline }: { timeline: Timeline }) {
  const { conversation } = useModels();
  const log = useRef<HTMLDivElement>(null);
  const { atBottom, missed, jump } = useLogScroll(log, timeline, (seq) => conversation.read(seq));
  const away = useComputed(() => !atBottom.value);
  const t = text().conversation;
  useEndKeys(log);

  return (
    <div class="log-frame">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so it takes the focus */}
      <div class="log" role="log" aria-label={t.log} aria-live="off" tabIndex={0} ref={log}>
        <OlderMessages state={timeline.older} log={log} first={timeline.items[0]?.id ?? null} />
        {timeline.items.length === 0 && timeline.older === "none" && (
          <p class="log-empty quiet">{t.empty}</p>
        )}
        {layOut(timeline.items, timeline.newFrom).map((block) => (
          <LogBlock key={block.id} block={block} />
        ))}
      </div>
      {away.value && (
        <button type="button" class="latest" onClick={jump}>
          {missed.value > 0 && <span>{t.latestNew(missed.value)}</span>}
          <span class="hidden-text">{t.latest}</span>
          <Icon name="down" />
        </button>
      )}
      <Arrivals timeline={timeline} />
      <MessageActions log={log} timeline={timeline} />
    </div>
  );
}

function LogBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case "day":
      return <h2 class="day">{dayLabel(locale.value, block.at, now.value)}</h2>;
    case "new":
      return <h2 class="new-divider">{text().conversation.newMessages}</h2>;
    case "notice":
      return <NoticeLine id={block.id} notice={block.item.notice} at={block.item.at} />;
    case "deleted":
      return <DeletedMessage item={block.item} />;
    case "message":
      return <Message item={block.item} first={block.first} last={block.last} />;
  }
}

/** Home and End reach the ends of what is loaded, as in any document. */
function useEndKeys(log: RefObject<HTMLElement>): void {
  useEffect(() => {
    const element = log.current;
    const onKey = (event: KeyboardEvent): void => {
      if (event.target !== element || !element) return;
      if (event.key === "End") element.scrollTop = element.scrollHeight;
      else if (event.key === "Home") element.scrollTop = 0;
      else return;
      event.preventDefault();
    };
    element?.addEventListener("keydown", onKey);
    return () => element?.removeEventListener("keydown", onKey);
  }, []);
}

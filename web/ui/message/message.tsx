import { now } from "../kit/clock.ts";
import { Icon, type IconName } from "../kit/icon.tsx";
import { useModels } from "../state/models-context.ts";
import { dateAndTime, timeOfDay } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { readWords } from "../text/moments.ts";
import type { MessageItem } from "./blocks.ts";
import { ChangeNote, FailedActions } from "./change-note.tsx";
import { MessageText } from "./message-text.tsx";
import { FileOfMessage } from "../files/file-place.tsx";
import { type Box, photoBox } from "../files/photo-box.ts";
import { shownFile } from "../files/shown-file.ts";
import { QuoteOf } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";

type Delivery = NonNullable<MessageItem["delivery"]>;

interface MessageProps {
  readonly item: MessageItem;
  readonly first: boolean;
  readonly last: boolean;
}

const ICONS: Record<Delivery["state"], IconName> = {
  queued: "clock",
  sending: "clock",
  sent: "check",
  delivered: "checks",
  read: "eye",
  failed: "alert",
};

/**
 * What can be pressed in it is found by its data attributes (actions/message-events.ts), so that hundreds of messages
 * have no listeners; `data-inner` is reached by Tab only from its own message (actions/message-focus.ts).
 */
export function Message({ item, first, last }: MessageProps) {
  const { id, at, sender, change, delivery } = item;
  const t = text();
  const time = timeOfDay(locale.value, at);
  const deleting = change?.what === "deletion" && change.delivery.state !== "failed";
  const conversation = useModels().conversation.timeline.peek()?.conversation;
  const shown = conversation ? shownFile(conversation, item) : null;
  const classes = [
    "message",
    sender.own && "own",
    first && "first",
    last && "last",
    deleting && "deleting",
  ];
  return (
    <article
      class={classes.filter(Boolean).join(" ")}
      data-id={id}
      tabIndex={-1}
      aria-label={t.message.name(sender.own ? t.common.you : sender.name, time)}
    >
      <div
        class={shown ? `bubble with-${bubbleOf(item)}` : "bubble"}
        style={item.file?.kind === "image" ? bubbleStyle(item.file.image) : undefined}
      >
        {item.reply !== null && <QuoteOf quote={item.reply} />}
        {shown && (
          <FileOfMessage
            shown={shown}
            isQueued={item.seq === null && delivery?.state === "queued"}
          />
        )}
        {(item.text !== "" || !shown) && <MessageText text={item.text} />}
        <span class="meta numbers">
          {item.editedAt !== null && (
            <span title={t.change.editedAt(dateAndTime(locale.value, item.editedAt))}>
              {t.change.edited}
            </span>
          )}
          <time dateTime={new Date(at).toISOString()} title={dateAndTime(locale.value, at)}>
            {time}
          </time>
          {item.writtenAt !== undefined && (
            <span title={t.message.writtenAt(dateAndTime(locale.value, item.writtenAt))}>
              {t.message.writtenElsewhen}
            </span>
          )}
          {item.silent === true && <span title={t.message.cameSilently}>{t.message.silent}</span>}
          {delivery !== null && <DeliveryMark delivery={delivery} at={at} />}
        </span>
      </div>
      {item.reactions.length > 0 && <Reactions reactions={item.reactions} />}
      {change !== null && <ChangeNote change={change} />}
      {delivery?.state === "failed" && <FailedActions id={id} problem={delivery.problem} />}
      <button
        type="button"
        class="message-more"
        data-more
        data-inner
        tabIndex={-1}
        aria-haspopup="menu"
        aria-label={t.actions.name}
        title={t.actions.name}
      >
        <Icon name="more" />
      </button>
    </article>
  );
}

/** A picture alone has no edge, and the time lies upon it. */
function bubbleOf({ file, text: caption }: MessageItem): string {
  if (file?.kind !== "image") return "file";
  return caption === "" ? "photo-alone" : "photo";
}

/** As wide as the picture and its edge, so that the words beside it are no wider. */
const bubbleStyle = (image: Box | undefined) => ({
  inlineSize: `calc(${photoBox(image).width}px + 2 * var(--photo-edge))`,
});

function DeliveryMark({ delivery, at }: { delivery: Delivery; at: number }) {
  const { connection } = useModels();
  // What left the outbox once and has no answer waits for the network like the rest.
  const stuck = delivery.state === "sending" && connection.value === "offline";
  const shown = stuck ? "queued" : delivery.state;
  const words =
    delivery.state === "read" ? readWords(delivery.at, at, now.value) : text().message[shown];
  return (
    <span class={`delivery ${shown}`} title={words}>
      <Icon name={ICONS[shown]} size={16} />
      <span class="hidden-text">{words}</span>
    </span>
  );
}

import type { ProblemCode } from "../../app/view.ts";
import { now } from "../kit/clock.ts";
import { Icon, type IconName } from "../kit/icon.tsx";
import { useModels } from "../shell/models-context.ts";
import { dateAndTime, timeOfDay } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { readWords } from "../text/moments.ts";
import type { MessageItem } from "./blocks.ts";

type DeliveryState = NonNullable<MessageItem["delivery"]>["state"];

/** Plain values only, so that a message whose values did not change is not rendered again. */
interface MessageProps {
  readonly id: string;
  readonly at: number;
  readonly senderName: string;
  readonly own: boolean;
  readonly body: string;
  readonly delivery: DeliveryState | null;
  /** when it was read; null while it is not, and where nobody knows */
  readonly readAt: number | null;
  readonly problem: ProblemCode | null;
  readonly first: boolean;
  readonly last: boolean;
}

const ICONS: Record<DeliveryState, IconName> = {
  queued: "clock",
  sending: "clock",
  sent: "check",
  delivered: "checks",
  read: "eye",
  failed: "alert",
};

export function Message(props: MessageProps) {
  const { at, own, first, last } = props;
  const { connection } = useModels();
  // What left the outbox once and has no answer waits for the network like the rest.
  const stuck = props.delivery === "sending" && connection.value === "offline";
  const delivery = stuck ? "queued" : props.delivery;
  const t = text().message;
  const state =
    delivery === "read" ? readWords(props.readAt, at, now.value) : delivery && t[delivery];
  const time = timeOfDay(locale.value, at);
  const classes = ["message", own && "own", first && "first", last && "last"].filter(Boolean);
  return (
    <article
      class={classes.join(" ")}
      data-id={props.id}
      aria-label={t.name(own ? text().common.you : props.senderName, time)}
    >
      <div class="bubble">
        <p class="body" dir="auto">
          {props.body}
        </p>
        <span class="meta numbers">
          <time dateTime={new Date(at).toISOString()} title={dateAndTime(locale.value, at)}>
            {time}
          </time>
          {delivery !== null && state !== null && (
            <span class={`delivery ${delivery}`} title={state}>
              <Icon name={ICONS[delivery]} size={16} />
              <span class="hidden-text">{state}</span>
            </span>
          )}
        </span>
      </div>
      {props.problem !== null && <FailedActions id={props.id} problem={props.problem} />}
    </article>
  );
}

function FailedActions({ id, problem }: { id: string; problem: ProblemCode }) {
  const { conversation } = useModels();
  const t = text();
  return (
    <div class="failed-note">
      <p class="error">{t.problems[problem]}</p>
      <div class="failed-actions">
        <button type="button" onClick={() => void conversation.retry(id)}>
          {t.message.retry}
        </button>
        <button type="button" class="danger" onClick={() => void conversation.discard(id)}>
          {t.message.discard}
        </button>
      </div>
    </div>
  );
}

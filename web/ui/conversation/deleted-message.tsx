import { dateAndTime, timeOfDay } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import type { DeletedItem } from "./blocks.ts";

/** What is left of a message that its author deleted for everyone (M5). */
export function DeletedMessage({ item }: { item: DeletedItem }) {
  const { sender, at, deletedAt } = item;
  const t = text();
  const who = sender.own ? t.common.you : sender.name;
  return (
    <article
      class={sender.own ? "message deleted own" : "message deleted"}
      data-id={item.id}
      aria-label={t.message.name(who, timeOfDay(locale.value, at))}
    >
      <p class="deleted-text quiet">
        {sender.own
          ? t.message.deletedByYou(dateAndTime(locale.value, deletedAt))
          : t.message.deletedBy(sender.name, dateAndTime(locale.value, deletedAt))}
      </p>
    </article>
  );
}

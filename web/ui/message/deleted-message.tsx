import { Icon } from "../kit/icon.tsx";
import { now } from "../kit/clock.ts";
import { timeOfDay } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { momentWords } from "../text/moments.ts";
import type { DeletedItem } from "./blocks.ts";

/** What is left of a message that its author deleted for everyone (M5). */
export function DeletedMessage({ item }: { item: DeletedItem }) {
  const { sender, at, deletedAt } = item;
  const t = text();
  const who = sender.own ? t.common.you : sender.name;
  const when = momentWords(deletedAt, now.value);
  return (
    <article
      class={sender.own ? "message deleted own first last" : "message deleted first last"}
      data-id={item.id}
      tabIndex={-1}
      aria-label={t.message.name(who, timeOfDay(locale.value, at))}
    >
      <p class="deleted-text">
        <Icon name="trash" size={16} />
        <span dir="auto">
          {sender.own ? t.message.deletedByYou(when) : t.message.deletedBy(sender.name, when)}
        </span>
      </p>
    </article>
  );
}

import type { Reaction } from "../../app/timeline.ts";
import { useModels } from "../state/models-context.ts";
import { formatNumber } from "../text/en/counts.ts";
import { locale, text } from "../text/language.ts";
import { namesOf } from "./reaction-names.ts";

/** Who chose what, under the bubble; pressing one adds or takes back the own (actions/message-events.ts). */
export function Reactions({ reactions }: { reactions: readonly Reaction[] }) {
  const app = useModels().app.value;
  const me = app.phase === "ready" ? app.me.name : "";
  const t = text().reactions;
  return (
    <div class="reactions">
      {reactions.map((reaction) => {
        const names = namesOf(reaction, me, t.you);
        const { emoji } = reaction;
        const count = names.length > 1 ? formatNumber(locale.value, names.length) : null;
        const said = new Intl.ListFormat(locale.value, { type: "conjunction" }).format(names);
        return (
          <button
            key={emoji}
            type="button"
            class="reaction"
            data-react={emoji}
            data-inner
            tabIndex={-1}
            aria-pressed={reaction.own}
            aria-label={t.from(count === null ? emoji : `${emoji} ${count}`, said)}
            title={said}
          >
            <span class="reaction-sign">{emoji}</span>
            {count !== null && <span class="numbers">{count}</span>}
          </button>
        );
      })}
    </div>
  );
}

import type { Quote } from "../../app/timeline.ts";
import { text } from "../text/language.ts";

/** The message that a reply answers, in a line or two; pressing it leads there (actions/message-events.ts). */
export function QuoteOf({ quote }: { quote: Quote }) {
  const t = text();
  switch (quote.state) {
    case "here":
      return (
        <button type="button" class="quote" data-quote={quote.seq} data-inner tabIndex={-1}>
          <span class="hidden-text">{t.quote.answers} </span>
          <span class="quote-who" dir="auto">
            {quote.sender.own ? t.common.you : quote.sender.name}
          </span>
          <span class="hidden-text">: </span>
          <span class="quote-text" dir="auto">
            {quote.text}
          </span>
        </button>
      );
    case "elsewhere":
      return (
        <button type="button" class="quote" data-quote={quote.seq} data-inner tabIndex={-1}>
          {t.quote.elsewhere}
        </button>
      );
    case "deleted":
      return <span class="quote gone">{t.quote.deleted}</span>;
  }
}

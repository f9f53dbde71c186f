import type { Quote } from "../../app/timeline.ts";
import { fileIcon, saidWith } from "../files/file-words.ts";
import { Thumb } from "../files/thumb.tsx";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text/language.ts";

/** The message that a reply answers, in a line or two; pressing it leads there (actions/message-events.ts). */
export function QuoteOf({ quote }: { quote: Quote }) {
  const t = text();
  switch (quote.state) {
    case "here":
      return (
        <button
          type="button"
          class={quote.file?.thumb ? "quote with-thumb" : "quote"}
          data-quote={quote.seq}
          data-inner
          tabIndex={-1}
        >
          <span class="hidden-text">{t.quote.answers} </span>
          <span class="quote-who" dir="auto">
            {quote.sender.own ? t.common.you : quote.sender.name}
          </span>
          <span class="hidden-text">: </span>
          <span class="quote-text" dir="auto">
            {quote.file && <Icon name={fileIcon(quote.file.kind)} size={16} />}
            {saidWith(quote.text, quote.file)}
          </span>
          {quote.file?.thumb && <Thumb hash={quote.file.thumb} />}
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

import { emojiOnly } from "./emoji-only.ts";
import { segmentsOf } from "./links.ts";

/** What was written, with its addresses to press; a few emoji alone are large. */
export function MessageText({ text }: { text: string }) {
  const pictures = emojiOnly(text);
  return (
    <p class={pictures > 0 ? `body pictures n${pictures}` : "body"} dir="auto">
      {segmentsOf(text).map((segment, n) =>
        segment.kind === "text" ? (
          segment.text
        ) : (
          <a
            key={n}
            href={segment.href}
            dir="ltr"
            target="_blank"
            rel="noopener noreferrer nofollow"
            tabIndex={-1}
            data-inner
          >
            {segment.text}
            {segment.host !== null && <span class="true-host">{segment.host}</span>}
          </a>
        ),
      )}
    </p>
  );
}

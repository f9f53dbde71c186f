import { emojiOnly } from "./emoji-only.ts";
import { partsOf } from "./links.ts";

/** What was written, with its addresses to press; a few emoji alone are large. */
export function MessageText({ text }: { text: string }) {
  const pictures = emojiOnly(text);
  return (
    <p class={pictures > 0 ? `body pictures n${pictures}` : "body"} dir="auto">
      {partsOf(text).map((part, n) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <a
            key={n}
            href={part.href}
            dir="ltr"
            target="_blank"
            rel="noopener noreferrer nofollow"
            tabIndex={-1}
            data-inner
          >
            {part.text}
            {part.host !== null && <span class="true-host">{part.host}</span>}
          </a>
        ),
      )}
    </p>
  );
}

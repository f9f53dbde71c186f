import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../kit/button.tsx";
import { language, text } from "../text/language.ts";
import { loadNotice, type NoticeText } from "../text/notice-text.ts";
import { NOTICE_VERSION } from "../text/notice-version.ts";
import "../styles/pages.css";

/** The privacy notice in the language on screen; its headings are of the level below the page's own. */
export function NoticeBody({ level }: { level: "h2" | "h3" }) {
  const notice = useSignal<NoticeText | null>(null);
  const failed = useSignal(false);
  const Heading = level;
  const t = text();

  const load = async (): Promise<void> => {
    failed.value = false;
    try {
      notice.value = await loadNotice(language.value);
    } catch {
      failed.value = true;
    }
  };
  useEffect(() => void load(), [language.value]);

  if (failed.value) {
    return (
      <div class="notice-text" role="alert">
        <p>{t.common.partFailedHelp}</p>
        <Button onClick={() => void load()}>{t.common.tryAgain}</Button>
      </div>
    );
  }
  return (
    <div class="notice-text">
      {notice.value?.map((part) => (
        <section key={part.heading}>
          <Heading>{part.heading}</Heading>
          {part.paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </section>
      ))}
      <p class="hint">{t.notice.version(NOTICE_VERSION)}</p>
    </div>
  );
}

import { Brand } from "../kit/brand.tsx";
import { useScreen } from "../kit/use-screen.ts";
import { LanguageChoice } from "./language-choice.tsx";
import { text } from "../text/language.ts";
import { NoticeBody } from "./notice-body.tsx";

export function PrivacyScreen() {
  const t = text().notice;
  const heading = useScreen(t.screen);
  return (
    <div class="reading">
      <header class="reading-head">
        <a class="brand-link" href="/">
          <Brand />
        </a>
        <LanguageChoice />
      </header>
      <main>
        <h1 ref={heading} tabIndex={-1}>
          {t.screen}
        </h1>
        <NoticeBody level="h2" />
      </main>
    </div>
  );
}

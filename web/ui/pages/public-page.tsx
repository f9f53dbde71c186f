import type { ComponentChildren } from "preact";
import { Brand } from "../kit/brand.tsx";
import { text } from "../text/language.ts";
import { LanguageChoice } from "./language-choice.tsx";
import "../styles/public.css";

interface Props {
  readonly children: ComponentChildren;
  /** below: the way to the privacy notice, where the page itself has none */
  readonly notice?: boolean;
}

/** The page of somebody who is not in yet: one column, one thing to do. */
export function PublicPage({ children, notice = false }: Props) {
  return (
    <div class="public">
      <header class="public-head">
        <Brand />
        <LanguageChoice />
      </header>
      <main class="public-main">{children}</main>
      {notice && (
        <footer class="public-foot">
          <a href="/privacy">{text().common.privacyNotice}</a>
        </footer>
      )}
    </div>
  );
}

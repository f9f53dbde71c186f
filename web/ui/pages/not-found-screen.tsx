import { useScreen } from "../kit/use-screen.ts";
import { PublicPage } from "./public-page.tsx";
import { text } from "../text/language.ts";

export function NotFoundScreen() {
  const t = text().notFound;
  const heading = useScreen(t.screen);
  return (
    <PublicPage>
      <div class="stack">
        <h1 ref={heading} tabIndex={-1}>
          {t.title}
        </h1>
        <p class="quiet">{t.help}</p>
        <div class="bottom">
          <a class="button primary large wide" href="/">
            {t.home}
          </a>
        </div>
      </div>
    </PublicPage>
  );
}

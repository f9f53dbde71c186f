import { useLocation } from "preact-iso";
import { Button } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { TemplatesSection } from "../templates/templates-section.tsx";
import { text } from "../text/language.ts";
import { Appearance } from "./appearance.tsx";
import { KeptStorage } from "./kept-storage.tsx";
import { PreferencesSection } from "./preferences-section.tsx";
import "../styles/pages.css";
import "../styles/settings.css";

export function SettingsScreen() {
  const t = text().settings;
  const heading = useScreen(t.screen);
  const state = useModels().app.value;
  const writes = state.phase === "ready" && state.me.role === "practitioner";
  return (
    <div class="reading">
      <header class="reading-head">
        <a class="icon-button" href="/" aria-label={t.back} title={t.back}>
          <Icon name="back" />
        </a>
        <h1 ref={heading} tabIndex={-1}>
          {t.screen}
        </h1>
      </header>
      <main class="settings">
        <Devices />
        <Appearance />
        <PreferencesSection />
        <KeptStorage />
        {writes && <TemplatesSection />}
      </main>
    </div>
  );
}

function Devices() {
  const { app, signIn } = useModels();
  const { route } = useLocation();
  const { busy, failure, run } = useAction();
  const t = text().settings;
  const state = app.value;
  if (state.phase !== "ready") return null;

  const signOut = async (): Promise<void> => {
    if (await run(() => signIn.signOut())) route("/sign-in", true);
  };

  return (
    <section>
      <h2>{t.devices}</h2>
      <div class="card">
        <div>
          <h3>{t.thisDevice}</h3>
          <p class="quiet">
            {t.signedInAs(state.me.name)}
            {"\u00a0· "}
            {t.role[state.me.role]}
          </p>
        </div>
        <p class="hint">{t.signOutHelp}</p>
        <Problem failure={failure.value} />
        <div class="actions">
          <Button kind="danger" busy={busy.value} onClick={() => void signOut()}>
            {t.signOut}
          </Button>
        </div>
      </div>
    </section>
  );
}

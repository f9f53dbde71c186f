import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Brand } from "../kit/brand.tsx";
import { Button } from "../kit/button.tsx";
import { Delayed } from "../kit/delayed.tsx";
import { Icon } from "../kit/icon.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { InvitationList } from "./invitation-list.tsx";
import { InvitePractitionerDialog } from "./invite-practitioner-dialog.tsx";
import "../styles/pages.css";
import "../styles/practitioners.css";

/** What an administrator comes for: letting practitioners in. */
export function PractitionersScreen() {
  const { practitioners } = useModels();
  const inviting = useSignal(false);
  const { busy, failure, run } = useAction();
  const t = text().practitioners;
  const heading = useScreen(t.screen);
  const invitations = practitioners.invitations.value;

  const refresh = (): void => void run(() => practitioners.refresh());
  useEffect(refresh, []);

  return (
    <div class="reading">
      <header class="reading-head">
        <Brand />
        <a
          class="icon-button"
          href="/settings"
          aria-label={text().common.settings}
          title={text().common.settings}
        >
          <Icon name="settings" />
        </a>
      </header>
      <main class="practitioners">
        <div class="practitioners-head">
          <div>
            <h1 ref={heading} tabIndex={-1}>
              {t.title}
            </h1>
            <p class="quiet">{t.intro}</p>
          </div>
          <Button kind="primary" icon="plus" onClick={() => (inviting.value = true)}>
            {t.invite}
          </Button>
        </div>
        <Problem failure={failure.value} />
        {failure.value !== null && (
          <div class="actions">
            <Button busy={busy.value} onClick={refresh}>
              {text().common.tryAgain}
            </Button>
          </div>
        )}
        {invitations === null && failure.value === null && (
          <Delayed>
            <div class="skeleton" style={{ blockSize: "64px" }} />
          </Delayed>
        )}
        {invitations !== null && <InvitationList invitations={invitations} />}
      </main>
      {inviting.value && <InvitePractitionerDialog onClose={() => (inviting.value = false)} />}
    </div>
  );
}

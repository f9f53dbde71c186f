import { useSignal } from "@preact/signals";
import { Brand } from "../kit/brand.tsx";
import { Button, IconButton } from "../kit/button.tsx";
import { Delayed } from "../kit/delayed.tsx";
import { Icon } from "../kit/icon.tsx";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../shell/models-context.ts";
import { text } from "../text/language.ts";
import { ConversationList } from "./conversation-list.tsx";
import { InvitePatientDialog } from "./invite-patient-dialog.tsx";
import "../styles/list.css";

export function ListPane({ selected }: { selected: string | null }) {
  const { app, conversations } = useModels();
  const inviting = useSignal(false);
  const state = app.value;
  const invites = state.phase === "ready" && state.me.role === "practitioner";
  const rows = conversations.rows.value;
  const empty = conversations.loaded.value && rows.length === 0;
  const t = text();
  const invite = (): void => {
    inviting.value = true;
  };

  return (
    <div class="list-pane" role={selected === null ? "main" : "complementary"}>
      <div class="bar">
        {selected === null && <ListTitle />}
        <Brand />
        <a
          class="icon-button push"
          href="/settings"
          aria-label={t.common.settings}
          title={t.common.settings}
        >
          <Icon name="settings" />
        </a>
        {invites && !empty && (
          <IconButton icon="plus" label={t.invite.patient} primary onClick={invite} />
        )}
      </div>
      <nav class="list-scroll" aria-label={t.list.name}>
        {!conversations.loaded.value && (
          <Delayed>
            <Skeleton />
          </Delayed>
        )}
        {rows.length > 0 && <ConversationList rows={rows} selected={selected} />}
        {empty && (
          <div class="list-empty">
            <Icon name="thyme" size={32} />
            <h2>{invites ? t.list.emptyPractitionerTitle : t.list.emptyPatientTitle}</h2>
            <p class="quiet">{invites ? t.list.emptyPractitioner : t.list.emptyPatient}</p>
            {invites && (
              <Button kind="primary" icon="plus" onClick={invite}>
                {t.invite.patient}
              </Button>
            )}
          </div>
        )}
      </nav>
      {inviting.value && <InvitePatientDialog onClose={() => (inviting.value = false)} />}
    </div>
  );
}

/** The heading of the screen while the list is the screen. */
function ListTitle() {
  const t = text().list;
  const heading = useScreen(t.screen);
  return (
    <h1 class="hidden-text" ref={heading} tabIndex={-1}>
      {t.screen}
    </h1>
  );
}

function Skeleton() {
  return (
    <div class="list-skeleton" aria-hidden="true">
      {[70, 55, 62, 48].map((width) => (
        <div key={width} class="row">
          <span class="avatar" />
          <span class="skeleton" style={{ inlineSize: `${width}%`, blockSize: "14px" }} />
          <span class="skeleton" style={{ inlineSize: `${width + 20}%`, blockSize: "12px" }} />
        </div>
      ))}
    </div>
  );
}

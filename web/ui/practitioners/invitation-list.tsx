import { useSignal } from "@preact/signals";
import type { PractitionerInvitation } from "../../app/view.ts";
import { Avatar } from "../kit/avatar.tsx";
import { Button } from "../kit/button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { InvitationLink } from "../list/invitation-link.tsx";
import { fullDate } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";

export function InvitationList({
  invitations,
}: {
  invitations: readonly PractitionerInvitation[];
}) {
  const shown = useSignal<PractitionerInvitation | null>(null);
  const t = text().practitioners;

  if (invitations.length === 0) {
    return (
      <div class="practitioners-empty">
        <h2>{t.emptyTitle}</h2>
        <p class="quiet">{t.empty}</p>
      </div>
    );
  }
  return (
    <section class="invitations">
      <h2>{t.invitations}</h2>
      <ul>
        {invitations.map((invitation) => (
          <li key={invitation.invite}>
            <Avatar name={invitation.label} />
            <div class="invitation-who">
              <b dir="auto">{invitation.label}</b>
              <span class="hint">
                {stateText(invitation)}
                {invitation.state !== "open" &&
                  `\u00a0· ${t.invitedOn(fullDate(locale.value, invitation.createdAt))}`}
              </span>
            </div>
            {invitation.state === "open" && invitation.link !== null && (
              <Button icon="link" onClick={() => (shown.value = invitation)}>
                {text().invite.show}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {shown.value !== null && shown.value.link !== null && (
        <Dialog title={shown.value.label} onClose={() => (shown.value = null)}>
          <InvitationLink
            link={shown.value.link}
            name={shown.value.label}
            expiresAt={shown.value.expiresAt}
          />
        </Dialog>
      )}
    </section>
  );
}

function stateText(invitation: PractitionerInvitation): string {
  const t = text().practitioners.state;
  switch (invitation.state) {
    case "open":
      return t.open(fullDate(locale.value, invitation.expiresAt));
    case "used":
      return t.used;
    case "withdrawn":
      return t.withdrawn;
    case "expired":
      return t.expired;
  }
}

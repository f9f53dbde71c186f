import type { ConversationId } from "../../app/ids.ts";
import { useSignal } from "@preact/signals";
import type { ConversationDetails } from "../../app/view.ts";
import { Banner } from "../kit/banner.tsx";
import { Button } from "../kit/button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { lazyPart } from "../kit/lazy-part.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useModels } from "../state/models-context.ts";
import { fullDate } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";

const InvitationLink = lazyPart(
  async () => (await import("../list/invitation-link.tsx")).InvitationLink,
);

type Open = "link" | "withdraw" | null;

/** Above the messages until somebody has joined: the link to hand over, or a way to a new one. */
export function InvitationBanner({ details }: { details: ConversationDetails }) {
  const open = useSignal<Open>(null);
  const close = (): void => {
    open.value = null;
  };
  const t = text().invite;
  const { invitation, title } = details;

  if (details.state === "invitation-expired") {
    return <ExpiredBanner details={details} onInvited={() => (open.value = "link")} />;
  }
  if (details.state !== "invited" || invitation === null) return null;
  return (
    <div class="conversation-note">
      <Banner icon="link">
        <h2>{t.openTitle(title)}</h2>
        <p>
          {t.openHelp} {t.until(fullDate(locale.value, invitation.expiresAt))}
        </p>
        <div class="actions">
          <Button onClick={() => (open.value = "link")}>{t.show}</Button>
          <Button kind="danger" onClick={() => (open.value = "withdraw")}>
            {t.withdraw}
          </Button>
        </div>
      </Banner>
      {open.value === "link" && (
        <Dialog title={t.link} onClose={close}>
          <InvitationLink
            link={invitation.link}
            name={title}
            expiresAt={invitation.expiresAt}
            onMissing={close}
          />
        </Dialog>
      )}
      {open.value === "withdraw" && <WithdrawDialog id={details.id} onClose={close} />}
    </div>
  );
}

function ExpiredBanner({
  details,
  onInvited,
}: {
  details: ConversationDetails;
  onInvited: () => void;
}) {
  const { conversations } = useModels();
  const { busy, failure, run } = useAction();
  const t = text().invite;
  const again = async (): Promise<void> => {
    if (await run(() => conversations.inviteAgain(details.id))) onInvited();
  };
  return (
    <div class="conversation-note">
      <Banner kind="notice" icon="clock">
        <h2>{t.expiredTitle}</h2>
        <p>{t.expiredHelp}</p>
        <Problem failure={failure.value} />
        <div class="actions">
          <Button kind="primary" busy={busy.value} onClick={() => void again()}>
            {t.again}
          </Button>
        </div>
      </Banner>
    </div>
  );
}

function WithdrawDialog({ id, onClose }: { id: ConversationId; onClose: () => void }) {
  const { conversations } = useModels();
  const { busy, failure, run } = useAction();
  const t = text();
  const withdraw = async (): Promise<void> => {
    if (await run(() => conversations.withdrawInvitation(id))) onClose();
  };
  return (
    <Dialog title={t.invite.withdrawTitle} onClose={onClose}>
      <p>{t.invite.withdrawHelp}</p>
      <Problem failure={failure.value} />
      <div class="actions">
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button kind="danger" busy={busy.value} onClick={() => void withdraw()}>
          {t.invite.withdraw}
        </Button>
      </div>
    </Dialog>
  );
}

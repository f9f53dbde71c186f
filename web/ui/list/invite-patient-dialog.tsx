import type { ConversationId } from "../../app/ids.ts";
import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import { Button } from "../kit/button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { InvitationForm } from "./invitation-form.tsx";
import { InvitationLink } from "./invitation-link.tsx";

/** Two steps in one dialog: what to call the patient, then the link to hand over. */
export function InvitePatientDialog({ onClose }: { onClose: () => void }) {
  const { conversations } = useModels();
  const { route } = useLocation();
  const made = useSignal<{ conversation: ConversationId; link: string; label: string } | null>(
    null,
  );
  const t = text().invite;

  return (
    <Dialog title={t.patient} onClose={onClose}>
      {made.value === null ? (
        <InvitationForm
          label={t.label}
          hint={t.labelHint}
          missing={t.labelMissing}
          create={(label) => conversations.invitePatient(label)}
          onCreated={(value, label) => {
            made.value = { ...value, label };
          }}
        />
      ) : (
        <>
          <InvitationLink link={made.value.link} name={made.value.label} />
          <div class="actions">
            <Button onClick={onClose}>{text().common.done}</Button>
            <Button
              kind="primary"
              onClick={() => {
                const id = made.value?.conversation;
                onClose();
                if (id !== undefined) route(`/c/${id}`);
              }}
            >
              {t.write}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

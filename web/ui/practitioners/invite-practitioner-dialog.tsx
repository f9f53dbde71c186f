import { useSignal } from "@preact/signals";
import { Button } from "../kit/button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { InvitationForm } from "../list/invitation-form.tsx";
import { InvitationLink } from "../list/invitation-link.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

export function InvitePractitionerDialog({ onClose }: { onClose: () => void }) {
  const { practitioners } = useModels();
  const made = useSignal<{ link: string; name: string } | null>(null);
  const t = text().practitioners;

  return (
    <Dialog title={t.invite} onClose={onClose}>
      {made.value === null ? (
        <InvitationForm
          label={t.publicName}
          hint={t.publicNameHint}
          missing={t.publicNameMissing}
          create={(name) => practitioners.invite(name)}
          onCreated={({ link }, name) => {
            made.value = { link, name };
          }}
        />
      ) : (
        <>
          <InvitationLink link={made.value.link} name={made.value.name} />
          <div class="actions">
            <Button kind="primary" onClick={onClose}>
              {text().common.done}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

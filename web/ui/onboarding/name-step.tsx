import { useSignal } from "@preact/signals";
import type { LinkState } from "../../app/view.ts";
import { NAME_LIMIT } from "../../app/view.ts";
import { Avatar } from "../kit/avatar.tsx";
import { Button } from "../kit/button.tsx";
import { Checkbox, TextField } from "../kit/field.tsx";
import { type Failure, Problem } from "../kit/problem.tsx";
import { useScreen } from "../kit/use-screen.ts";
import { NoticeDialog } from "../pages/notice-dialog.tsx";
import { text } from "../text/language.ts";

interface Props {
  readonly kind: LinkState["kind"];
  readonly inviter: string;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly onContinue: () => void;
}

function words(kind: LinkState["kind"], inviter: string) {
  const t = text().onboarding;
  switch (kind) {
    case "setup":
      return {
        title: t.setupTitle,
        intro: t.setupIntro,
        hint: t.nameHintAdministrator,
        consent: t.consentOther,
      };
    case "practitioner":
      return {
        title: t.practitionerTitle,
        intro: t.practitionerIntro,
        hint: t.nameHintPractitioner,
        consent: t.consentOther,
      };
    case "patient":
      return {
        title: t.patientTitle(inviter),
        intro: t.patientIntro,
        hint: t.nameHintPatient(inviter),
        consent: t.consentPatient,
      };
  }
}

export function NameStep({ kind, inviter, name, onName, busy, failure, onContinue }: Props) {
  const consented = useSignal(false);
  const reading = useSignal(false);
  const error = useSignal<"name" | "long" | "consent" | null>(null);
  const t = text().onboarding;
  const { title, intro, hint, consent } = words(kind, inviter);
  const heading = useScreen(title);

  const submit = (): void => {
    const length = name.trim().length;
    if (length === 0) error.value = "name";
    else if (length > NAME_LIMIT) error.value = "long";
    else error.value = consented.value ? null : "consent";
    if (error.value === null) onContinue();
  };
  const nameErrors = { name: t.nameMissing, long: t.nameTooLong(NAME_LIMIT), consent: null };

  return (
    <>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {kind === "patient" && (
          <div class="inviter">
            <Avatar name={inviter} size="medium" />
            <b dir="auto">{inviter}</b>
            <span class="hint">{t.inviterRole}</span>
          </div>
        )}
        <p class="quiet">{intro}</p>
        <TextField
          label={t.yourName}
          hint={hint}
          value={name}
          onInput={(value) => {
            error.value = null;
            onName(value);
          }}
          error={error.value === null ? null : nameErrors[error.value]}
          autoComplete="name"
          autoCapitalize="words"
        />
        <div>
          <Checkbox
            label={t.consent}
            checked={consented.value}
            onChange={(checked) => {
              consented.value = checked;
              error.value = null;
            }}
            hint={consent}
            error={error.value === "consent" ? t.consentMissing : null}
          />
          <button type="button" class="text-button" onClick={() => (reading.value = true)}>
            {t.readNotice}
          </button>
        </div>
        <div class="bottom">
          <Problem failure={failure} />
          <Button kind="primary" type="submit" large wide busy={busy}>
            {text().common.continue}
          </Button>
          <p class="hint centre">{t.promise}</p>
        </div>
      </form>
      {reading.value && <NoticeDialog onClose={() => (reading.value = false)} />}
    </>
  );
}

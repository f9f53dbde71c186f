import { useSignal } from "@preact/signals";
import type { Outcome } from "../../app/models.ts";
import { NAME_LIMIT } from "../../app/view.ts";
import { Button } from "../kit/button.tsx";
import { TextField } from "../kit/field.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { text } from "../text/language.ts";

interface Props<T> {
  readonly label: string;
  readonly hint: string;
  readonly missing: string;
  readonly create: (name: string) => Promise<Outcome<T>>;
  readonly onCreated: (value: T, name: string) => void;
}

/** The one field of an invitation, for patients and practitioners alike. */
export function InvitationForm<T>({ label, hint, missing, create, onCreated }: Props<T>) {
  const name = useSignal("");
  const error = useSignal<string | null>(null);
  const { busy, failure, run } = useAction();

  const submit = async (): Promise<void> => {
    const wanted = name.value.trim();
    if (wanted === "") error.value = missing;
    else if (wanted.length > NAME_LIMIT) error.value = text().onboarding.nameTooLong(NAME_LIMIT);
    else {
      const done = await run(() => create(wanted));
      if (done) onCreated(done.value, wanted);
    }
  };

  return (
    <form
      class="dialog-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label={label}
        hint={hint}
        value={name.value}
        onInput={(value) => {
          name.value = value;
          error.value = null;
        }}
        error={error.value}
        autoCapitalize="words"
        enterKeyHint="done"
        focusAtOnce
      />
      <Problem failure={failure.value} />
      <div class="actions">
        <Button kind="primary" type="submit" busy={busy.value}>
          {text().invite.create}
        </Button>
      </div>
    </form>
  );
}

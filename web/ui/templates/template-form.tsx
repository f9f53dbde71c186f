import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { type TemplateView, TEMPLATES_LIMIT } from "../../app/drafts-view.ts";
import { Button } from "../kit/button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { FieldError, TextField } from "../kit/field.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

/** From here on the form says how many characters are left. */
const NEAR = 200;

/** Characters that this text may have beside the other templates. */
function roomFor(
  list: readonly TemplateView[],
  template: TemplateView | null,
  name: string,
): number {
  const others = list.filter(({ id }) => id !== template?.id);
  const used = others.reduce((sum, other) => sum + other.name.length + other.text.length, 0);
  return Math.min(TEMPLATES_LIMIT.text, TEMPLATES_LIMIT.total - used - name.length);
}

/** A new template, or one that is changed. */
export function TemplateForm(props: { template: TemplateView | null; onClose: () => void }) {
  const { template, onClose } = props;
  const { templates } = useModels();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const name = useSignal(template?.name ?? "");
  const body = useSignal(template?.text ?? "");
  const tried = useSignal(false);
  const { busy, failure, run } = useAction();
  const t = text();
  const { placeholders: words, ...say } = t.templates;
  const trimmed = name.value.trim();
  const room = roomFor(templates.list.value, template, trimmed);
  const left = room - body.value.trim().length;

  const nameError =
    trimmed.length > TEMPLATES_LIMIT.name
      ? say.nameLong(TEMPLATES_LIMIT.name)
      : tried.value && trimmed === ""
        ? say.nameMissing
        : null;
  const tooLong = room > 0 ? say.over(-left) : say.noRoom;
  const isMissing = tried.value && body.value.trim() === "";
  const bodyError = left < 0 ? tooLong : isMissing ? say.textMissing : null;

  useEffect(() => {
    if (tried.value && nameError === null && bodyError !== null) area.current?.focus();
  }, [tried.value]);

  const save = async (): Promise<void> => {
    tried.value = true;
    if (trimmed === "" || nameError !== null || body.value.trim() === "" || left < 0) return;
    const saved = { id: template?.id ?? null, name: trimmed, text: body.value.trim() };
    if (await run(() => templates.save(saved))) onClose();
  };

  const described = [
    `${id}-hint`,
    left < NEAR && `${id}-left`,
    bodyError !== null && `${id}-error`,
  ];
  return (
    <Dialog
      title={template === null ? say.add : say.editNamed(template.name)}
      wide
      onClose={onClose}
    >
      <form
        class="stack template-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={say.name}
          hint={say.nameHint}
          value={name.value}
          onInput={(value) => (name.value = value)}
          error={nameError}
          focusAtOnce
        />
        <div class="field">
          <label for={id}>{say.text}</label>
          <p class="hint" id={`${id}-hint`}>
            {say.textHint(`{${words.name}}`, `{${words.date}}`, `{${words.me}}`)}
          </p>
          <textarea
            ref={area}
            id={id}
            class="input"
            dir="auto"
            value={body.value}
            aria-describedby={described.filter(Boolean).join(" ")}
            aria-invalid={bodyError !== null ? "true" : undefined}
            onInput={(event) => (body.value = event.currentTarget.value)}
          />
          {left >= 0 && left < NEAR && (
            <p class="hint numbers" id={`${id}-left`}>
              {say.left(left)}
            </p>
          )}
          {bodyError !== null && <FieldError id={`${id}-error`}>{bodyError}</FieldError>}
        </div>
        <Problem failure={failure.value} />
        <div class="actions">
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy.value}>
            {say.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

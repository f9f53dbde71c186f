import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** What is wrong with a field, beside it. */
export function FieldError({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <p class="error" id={id}>
      <Icon name="alert" size={16} />
      <span>{children}</span>
    </p>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string | undefined;
  /** Shown beside the field, which takes the focus when it appears. */
  readonly error?: string | null;
  readonly autoComplete?: string;
  readonly focusAtOnce?: boolean;
  readonly autoCapitalize?: "words" | "characters" | "sentences";
  readonly code?: boolean;
  readonly enterKeyHint?: "next" | "done" | "go";
}

export function TextField({
  label,
  value,
  onInput,
  hint,
  error = null,
  autoComplete = "off",
  focusAtOnce = false,
  autoCapitalize = "sentences",
  code = false,
  enterKeyHint = "next",
}: TextFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (error !== null) input.current?.focus();
  }, [error]);
  useEffect(() => {
    if (focusAtOnce) input.current?.focus();
  }, [focusAtOnce]);
  const described = [hint && `${id}-hint`, error !== null && `${id}-error`].filter(Boolean);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input
        ref={input}
        id={id}
        class={code ? "input code-input" : "input"}
        type="text"
        dir="auto"
        value={value}
        autocomplete={autoComplete}
        autocapitalize={autoCapitalize}
        autocorrect={code ? "off" : undefined}
        spellcheck={false}
        enterkeyhint={enterKeyHint}
        aria-describedby={described.length > 0 ? described.join(" ") : undefined}
        aria-invalid={error !== null ? "true" : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {error !== null && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: ComponentChildren;
  readonly error?: string | null;
}

export function Checkbox({ label, checked, onChange, hint, error = null }: CheckboxProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (error !== null) input.current?.focus();
  }, [error]);
  const described = [hint && `${id}-hint`, error !== null && `${id}-error`].filter(Boolean);
  return (
    <div class="check">
      <input
        ref={input}
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={described.length > 0 ? described.join(" ") : undefined}
        aria-invalid={error !== null ? "true" : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error !== null && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { text } from "../text/language.ts";
import { Button } from "./button.tsx";

/** Copies what is in a field; where the browser refuses, the field is selected and the person told. */
export function useCopy(field: { current: HTMLInputElement | HTMLTextAreaElement | null }) {
  const said = useSignal("");
  const copy = async (): Promise<void> => {
    const element = field.current;
    if (!element) return;
    try {
      await navigator.clipboard.writeText(element.value);
      said.value = text().common.copied;
    } catch {
      element.focus();
      element.select();
      said.value = text().common.copyRefused;
    }
  };
  return { said, copy: () => void copy() };
}

/** A value to be taken away: read-only, selected at a touch, with a button that copies it. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { said, copy } = useCopy(input);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="copy-row">
        <input
          ref={input}
          id={id}
          class="input"
          type="text"
          dir="ltr"
          readOnly
          value={value}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button icon="copy" onClick={copy}>
          {text().common.copy}
        </Button>
      </div>
      <output class="copied">{said}</output>
    </div>
  );
}

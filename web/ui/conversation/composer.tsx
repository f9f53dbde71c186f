import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { TEXT_LIMIT } from "../../app/view.ts";
import { Icon } from "../kit/icon.tsx";
import { type Failure, problemText } from "../kit/problem.tsx";
import { enterSends, onGlass } from "../shell/enter-sends.ts";
import { useModels } from "../shell/models-context.ts";
import { text } from "../text/language.ts";
import { useTemplates } from "../templates/use-templates.tsx";
import { isSendKey } from "./send-key.ts";
import { useDraft } from "./use-draft.ts";

/** From here on the composer says how many characters are left. */
const NEAR_LIMIT = TEXT_LIMIT * 0.9;

export function Composer({ conversation }: { conversation: string }) {
  const model = useModels().conversation;
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const { text: draft, write, during } = useDraft(conversation);
  const templates = useTemplates(box, conversation);
  const failure = useSignal<Failure | null>(null);
  const t = text().composer;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    // The style sheet caps it at eight lines.
    element.style.blockSize = "auto";
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [draft.value]);

  useEffect(() => {
    if (!onGlass()) box.current?.focus({ preventScroll: true });
  }, []);

  const length = draft.value.length;
  const over = length - TEXT_LIMIT;
  const blank = draft.value.trim() === "";

  const send = async (): Promise<void> => {
    const written = draft.peek();
    if (written.trim() === "" || written.length > TEXT_LIMIT) return;
    failure.value = null;
    model.typing(false);
    await during(async () => {
      box.current?.focus();
      let outcome: Awaited<ReturnType<typeof model.send>>;
      try {
        outcome = await model.send(written);
      } catch {
        outcome = { ok: false, problem: "internal" };
      }
      if (outcome.ok) return;
      failure.value = outcome;
      // Whatever was typed meanwhile stays behind it.
      write([written, draft.peek()].filter((part) => part !== "").join("\n"));
    });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (templates.tabbed(event)) return;
    if (!isSendKey(event, enterSends.value, onGlass())) return;
    event.preventDefault();
    void send();
  };

  const { hintEnter, hintControl } = text().writing;
  const hint = enterSends.value ? hintEnter : hintControl;
  const said = length >= NEAR_LIMIT ? (over > 0 ? t.over(over) : t.left(-over)) : null;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {failure.value !== null && (
        <p class="error composer-note" role="alert">
          {problemText(failure.value)} {t.failed}
        </p>
      )}
      {said !== null && (
        <p
          class={over > 0 ? "error composer-note numbers" : "hint composer-note numbers"}
          id={`${id}-limit`}
          aria-live={over > 0 ? "polite" : "off"}
        >
          {said}
        </p>
      )}
      {templates.picker}
      <span class="hidden-text" id={`${id}-keys`}>
        {onGlass() ? "" : hint}
      </span>
      <div class={over > 0 ? "composer-box over" : "composer-box"}>
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={draft.value}
          placeholder={t.message}
          aria-label={t.message}
          aria-describedby={said === null ? `${id}-keys` : `${id}-limit`}
          aria-invalid={over > 0 ? "true" : undefined}
          autocapitalize="sentences"
          enterkeyhint={enterSends.value && !onGlass() ? "send" : "enter"}
          onInput={(event) => {
            write(event.currentTarget.value);
            model.typing(event.currentTarget.value.trim() !== "");
            templates.typed(event);
          }}
          onKeyDown={onKeyDown}
        />
        {templates.button}
        <button
          type="submit"
          class="icon-button primary send"
          aria-label={t.send}
          title={onGlass() ? t.send : hint}
          disabled={blank || over > 0}
          // Keeps the focus, and with it the keyboard of a phone, in the text.
          onPointerDown={(event) => event.preventDefault()}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

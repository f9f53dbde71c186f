import type { ConversationId } from "../../app/ids.ts";
import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { isBlank } from "../../app/blank.ts";
import { TEXT_LIMIT } from "../../app/view.ts";
import { Icon } from "../kit/icon.tsx";
import { problemText } from "../kit/problem.tsx";
import { enterSends, onGlass } from "../state/enter-sends.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { useTemplates } from "../templates/use-templates.tsx";
import { TargetBar } from "./target-bar.tsx";
import { holdComposer } from "./composer-focus.ts";
import { EmojiButton } from "./emoji-button.tsx";
import { StoringTexts } from "./storing-texts.tsx";
import { isSendKey } from "./send-key.ts";
import { useWriting } from "./use-writing.ts";
import { AttachButton } from "../attach/attach-button.tsx";
import { pastedFiles } from "../attach/incoming.ts";
import { addFiles, readyFiles, trayOf } from "../attach/tray-state.ts";
import { lazyPart } from "../kit/lazy-part.tsx";
import { VoiceButton } from "../voice/voice-button.tsx";
import { voiceOf } from "../voice/voice-stage.ts";

const Tray = lazyPart(async () => (await import("../attach/tray.tsx")).Tray);
const VoiceBar = lazyPart(async () => (await import("../voice/voice-bar.tsx")).VoiceBar);

/** From here on the composer says how many characters are left. */
const NEAR_LIMIT = TEXT_LIMIT * 0.9;

const withModifier = (event: KeyboardEvent): boolean =>
  event.shiftKey || event.altKey || event.ctrlKey || event.metaKey;

export function Composer({ conversation }: { conversation: ConversationId }) {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const { conversation: model, files, voice: recorder } = useModels();
  const templates = useTemplates(box, conversation);
  const writing = useWriting(conversation);
  const { text: value, target, failure, write } = writing;
  /** what did not come when it was wanted */
  const absent = useSignal<"emoji" | "part" | null>(null);
  const t = text().composer;
  const isEdit = target?.kind === "edit";
  const seq = target?.seq ?? null;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    // The style sheet caps it at eight lines.
    element.style.blockSize = "auto";
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [value]);

  useEffect(() => {
    if (!onGlass()) box.current?.focus({ preventScroll: true });
    holdComposer(box.current);
    return () => holdComposer(null);
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element || seq === null) return;
    element.focus({ preventScroll: true });
    if (isEdit) element.setSelectionRange(element.value.length, element.value.length);
  }, [seq, isEdit]);

  const over = value.length - TEXT_LIMIT;
  const tray = trayOf(conversation);
  const chosen = isEdit ? 0 : tray.files.length;
  const ready = isEdit ? [] : readyFiles(tray);
  const hasSomething = !isBlank(value) || (ready?.length ?? 0) > 0;
  const voice = voiceOf(conversation);
  const mayRecord = recorder.isPossible && value === "" && chosen === 0 && !isEdit;
  const isRecording = useRef(false);
  useEffect(() => {
    // Discarded or sent: one writes on.
    if (isRecording.current && voice === null) box.current?.focus({ preventScroll: true });
    isRecording.current = voice !== null;
  }, [voice === null]);

  const submit = (): void => {
    box.current?.focus();
    absent.value = null;
    model.typing(false);
    void writing.submit();
  };
  const cancel = (): void => {
    writing.cancel();
    box.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (templates.tabbed(event)) return;
    if (isSendKey(event, enterSends.value, onGlass())) submit();
    // 229: Safari ends a composition before it tells of the key that ended it.
    else if (event.isComposing || event.keyCode === 229 || withModifier(event)) return;
    else if (event.key === "Escape" && target !== null) cancel();
    else if (event.key !== "ArrowUp" || !writing.editLast()) return;
    event.preventDefault();
  };

  const { hintEnter, hintControl } = text().writing;
  const hint = enterSends.value ? hintEnter : hintControl;
  const said = value.length >= NEAR_LIMIT ? (over > 0 ? t.over(over) : t.left(-over)) : null;
  const name = isEdit ? text().target.editing : t.message;
  const action = isEdit ? text().target.save : t.send;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {writing.gone !== null && (
        <p class="hint composer-note" role="alert">
          {text().target.gone[writing.gone]}
        </p>
      )}
      {(failure !== null || absent.value !== null) && (
        <p class="error composer-note" role="alert">
          {failure === null
            ? absent.value === "emoji"
              ? text().emoji.missing
              : text().common.partFailedHelp
            : `${problemText(failure)} ${isEdit ? text().target.editFailed : t.failed}`}
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
      <StoringTexts texts={writing.storing} />
      {target !== null && <TargetBar target={target} onCancel={cancel} />}
      {chosen > 0 && <Tray conversation={conversation} />}
      {voice !== null && (
        <VoiceBar
          conversation={conversation}
          voice={voice}
          replyTo={target?.kind === "reply" ? target.seq : undefined}
          onSent={cancel}
          onMissing={() => {
            absent.value = "part";
            void import("../voice/voice-state.ts").then((of) => of.discardVoice(conversation));
          }}
        />
      )}
      <div
        class={over > 0 ? "composer-box over" : "composer-box"}
        aria-busy={writing.busy}
        hidden={voice !== null}
      >
        {!isEdit && <AttachButton conversation={conversation} />}
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={value}
          placeholder={name}
          aria-label={name}
          aria-describedby={said === null ? `${id}-keys` : `${id}-limit`}
          aria-invalid={over > 0 ? "true" : undefined}
          autocapitalize="sentences"
          enterkeyhint={!enterSends.value || onGlass() ? "enter" : isEdit ? "done" : "send"}
          onInput={(event) => {
            write(event.currentTarget.value);
            model.typing(event.currentTarget.value.trim() !== "");
            templates.typed(event);
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = isEdit ? [] : pastedFiles(event);
            if (pasted.length === 0) return;
            event.preventDefault();
            void addFiles(files, conversation, pasted);
          }}
        />
        <EmojiButton box={box} write={write} onMissing={() => (absent.value = "emoji")} />
        {templates.button}
        {mayRecord ? (
          <VoiceButton conversation={conversation} onMissing={() => (absent.value = "part")} />
        ) : (
          <button
            type="submit"
            class="icon-button primary send"
            aria-label={action}
            title={onGlass() ? action : hint}
            disabled={!hasSomething || ready === null || over > 0}
            // Keeps the focus, and with it the keyboard of a phone, in the text.
            onPointerDown={(event) => event.preventDefault()}
          >
            <Icon name={isEdit ? "check" : "send"} />
          </button>
        )}
      </div>
    </form>
  );
}

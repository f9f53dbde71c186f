import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import type { VoiceNote, VoiceRecording } from "../../app/models.ts";
import { IconButton } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { problemText } from "../kit/problem.tsx";
import { text } from "../text/language.ts";
import { playTime } from "../text/measures.ts";
import { SoundPlayer } from "../sound/sound-player.tsx";
import type { VoiceStage } from "./voice-stage.ts";
import { LONGEST, discardVoice, sendVoice, startVoice, stopVoice } from "./voice-state.ts";
import { useModels } from "../state/models-context.ts";
import "../styles/voice.css";

interface Props {
  readonly conversation: ConversationId;
  readonly voice: VoiceStage;
  /** the message that it answers */
  readonly replyTo: number | undefined;
  readonly onSent: () => void;
}

/** A voice note from the question for the microphone until it is sent, in place of the box. */
export function VoiceBar({ conversation, voice, replyTo, onSent }: Props) {
  const { files } = useModels();
  const bar = useRef<HTMLDivElement>(null);
  const t = text().recorder;
  const discard = (): void => discardVoice(conversation);
  const { stage } = voice;

  // The button that was pressed is gone: the next one to press has the focus.
  useEffect(() => {
    const next = bar.current?.querySelector<HTMLElement>("[data-next]") ?? bar.current;
    const { activeElement } = document;
    if (activeElement === bar.current || !bar.current?.contains(activeElement)) next?.focus();
    const onKey = (event: KeyboardEvent): void => {
      // What can be sent is not lost by a key that closes other things.
      if (event.key !== "Escape" || stage === "ready" || event.defaultPrevented) return;
      event.preventDefault();
      discard();
    };
    const element = bar.current;
    element?.addEventListener("keydown", onKey);
    return () => element?.removeEventListener("keydown", onKey);
  }, [stage]);

  return (
    <div ref={bar} class="voice-bar" role="group" aria-label={t.bar} tabIndex={-1}>
      <IconButton
        icon={stage === "failed" ? "close" : "trash"}
        label={stage === "failed" ? t.close : t.cancel}
        onClick={discard}
      />
      <Middle conversation={conversation} voice={voice} />
      {voice.stage === "recording" && (
        <button
          type="button"
          class="icon-button primary"
          data-next
          aria-label={t.stop}
          title={t.stop}
          onClick={() => void stopVoice(conversation, "stopped")}
        >
          <Icon name="stop" />
        </button>
      )}
      {voice.stage === "ready" && (
        <button
          type="button"
          class="icon-button primary"
          data-next
          aria-label={t.send}
          title={t.send}
          disabled={voice.isSending}
          onClick={() =>
            void sendVoice(files, conversation, replyTo).then(({ ok }) => ok && onSent())
          }
        >
          <Icon name="send" />
        </button>
      )}
    </div>
  );
}

function Middle({ conversation, voice }: Pick<Props, "conversation" | "voice">) {
  const model = useModels().voice;
  const t = text().recorder;
  switch (voice.stage) {
    case "asking":
      return <output class="voice-said">{t.asking}</output>;
    case "finishing":
      return <output class="voice-said">{t.finishing}</output>;
    case "recording":
      return <Meter conversation={conversation} recording={voice.recording} />;
    case "failed": {
      const { failure, recording } = voice;
      return (
        <div class="voice-said">
          <p class="error" role="alert">
            {problemText(failure)}
          </p>
          <button
            type="button"
            class="inline-button"
            onClick={() =>
              void (recording
                ? stopVoice(conversation, "stopped")
                : startVoice(model, conversation))
            }
          >
            {t.again}
          </button>
        </div>
      );
    }
    case "ready": {
      const { note, ended, failure } = voice;
      return (
        <div class="voice-preview">
          <Preview note={note} />
          {ended === "longest" && <p class="hint">{t.ended}</p>}
          {ended === "lost" && (
            <p class="hint" role="alert">
              {t.lost}
            </p>
          )}
          {failure && (
            <p class="error" role="alert">
              {problemText(failure)} {t.sendFailed}
            </p>
          )}
        </div>
      );
    }
  }
}

function Preview({ note }: { note: VoiceNote }) {
  const sound = {
    sound: "voice-preview",
    duration: note.seconds,
    fetch: () => Promise.resolve(note.file),
  };
  return <SoundPlayer sound={sound} waveform={note.waveform} />;
}

const TICK_MS = 100;
const BARS = 40;
/** From here on it says how long it can still be. */
const NEAR = 30;

/** That it hears, how long it has, and when it has to end. */
function Meter({
  conversation,
  recording,
}: {
  conversation: ConversationId;
  recording: VoiceRecording;
}) {
  const levels = useSignal<readonly number[]>([]);
  const seconds = useSignal(0);
  const t = text().recorder;

  useEffect(() => {
    const timer = setInterval(() => {
      levels.value = [...levels.peek(), recording.level()].slice(-BARS);
      seconds.value = recording.seconds();
      if (seconds.peek() >= LONGEST) void stopVoice(conversation, "longest");
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [recording]);

  const left = LONGEST - seconds.value;
  return (
    <div class="voice-meter">
      <span class="voice-dot" aria-hidden="true" />
      <span class="hidden-text" role="status">
        {t.recording}
      </span>
      <span class="numbers" role="timer" aria-label={t.time}>
        {playTime(seconds.value)}
      </span>
      <span class="voice-levels" aria-hidden="true">
        {levels.value.map((level, n) => (
          <span key={n} style={{ blockSize: `${Math.round(3 + level * 25)}px` }} />
        ))}
      </span>
      {left <= NEAR && <span class="voice-left numbers">{t.left(playTime(left))}</span>}
    </div>
  );
}

import { useEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import { Icon } from "../kit/icon.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

/** It comes where "Send" was: the second press of a hasty pair is not meant for it. */
const HASTE_MS = 500;

interface Props {
  readonly conversation: ConversationId;
  /** what records did not come */
  readonly onMissing: () => void;
}

/** Begins a voice note; the microphone is asked for only now. */
export function VoiceButton({ conversation, onMissing }: Props) {
  const { voice } = useModels();
  const shownAt = useRef(0);
  useEffect(() => void (shownAt.current = performance.now()), []);
  const start = async (): Promise<void> => {
    try {
      const { startVoice } = await import("./voice-state.ts");
      await startVoice(voice, conversation);
    } catch {
      onMissing();
    }
  };
  const name = text().recorder.record;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      title={name}
      onClick={() => {
        if (performance.now() - shownAt.current < HASTE_MS) return;
        void start();
      }}
    >
      <Icon name="microphone" />
    </button>
  );
}

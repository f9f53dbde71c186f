import { useEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import { Icon } from "../kit/icon.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { startVoice } from "./voice-state.ts";

/** It comes where "Send" was: the second press of a hasty pair is not meant for it. */
const HASTE_MS = 500;

/** Begins a voice note; the microphone is asked for only now. */
export function VoiceButton({ conversation }: { conversation: ConversationId }) {
  const { voice } = useModels();
  const shownAt = useRef(0);
  useEffect(() => void (shownAt.current = performance.now()), []);
  const name = text().recorder.record;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      title={name}
      onClick={() => {
        if (performance.now() - shownAt.current < HASTE_MS) return;
        void startVoice(voice, conversation);
      }}
    >
      <Icon name="microphone" />
    </button>
  );
}

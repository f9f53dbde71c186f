/** Where the voice note of each conversation stands, in this tab; what records comes when somebody does. */
import { signal } from "@preact/signals";
import type { ConversationId } from "../../app/ids.ts";
import type { VoiceNote, VoiceRecording } from "../../app/models.ts";
import type { Failure } from "../kit/problem.tsx";

/** Why a recording ended. */
export type Ended = "stopped" | "longest" | "lost";

export type VoiceStage =
  | { readonly stage: "asking" }
  | { readonly stage: "recording" | "finishing"; readonly recording: VoiceRecording }
  | {
      readonly stage: "ready";
      readonly note: VoiceNote;
      readonly ended: Ended;
      readonly isSending: boolean;
      readonly failure: Failure | null;
    }
  /** `recording`: what could not be finished, and is tried again */
  | {
      readonly stage: "failed";
      readonly failure: Failure;
      readonly recording: VoiceRecording | null;
    };

export const stages = signal<ReadonlyMap<ConversationId, VoiceStage>>(new Map());

/** Reading it in a component makes the component follow it. null: nothing is recorded. */
export const voiceOf = (conversation: ConversationId): VoiceStage | null =>
  stages.value.get(conversation) ?? null;

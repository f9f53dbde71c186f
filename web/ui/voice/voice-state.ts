/** Records a voice note, keeps it and sends it. */
import { effect } from "@preact/signals";
import type { ConversationId } from "../../app/ids.ts";
import type { FilesModel, Outcome, VoiceModel } from "../../app/models.ts";
import { conversationLeft, signedOut } from "../state/endings.ts";
import { dateAndTime } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { type Ended, type VoiceStage, stages } from "./voice-stage.ts";

/** Seconds; it ends by itself then. */
export const LONGEST = 300;

function show(conversation: ConversationId, stage: VoiceStage | null): void {
  const next = new Map(stages.peek());
  if (stage === null) next.delete(conversation);
  else next.set(conversation, stage);
  stages.value = next;
}

/** Asks for the microphone, and records into this conversation. */
export async function startVoice(model: VoiceModel, conversation: ConversationId): Promise<void> {
  const asking: VoiceStage = { stage: "asking" };
  show(conversation, asking);
  const outcome = await model.record();
  // Given up while the browser asked.
  if (stages.peek().get(conversation) !== asking) {
    if (outcome.ok) outcome.value.cancel();
    return;
  }
  if (!outcome.ok)
    return show(conversation, { stage: "failed", failure: outcome, recording: null });
  const recording = outcome.value;
  show(conversation, { stage: "recording", recording });
  void recording.lost.then(() => stopVoice(conversation, "lost"));
}

/** Ends the recording and keeps it, to be heard and sent. */
export async function stopVoice(conversation: ConversationId, ended: Ended): Promise<void> {
  const now = stages.peek().get(conversation);
  const isOver = now?.stage === "recording" || now?.stage === "failed";
  const recording = isOver ? now.recording : null;
  if (recording === null) return;
  const finishing: VoiceStage = { stage: "finishing", recording };
  show(conversation, finishing);
  const outcome = await recording.finish();
  if (stages.peek().get(conversation) !== finishing) return;
  show(
    conversation,
    outcome.ok
      ? { stage: "ready", note: outcome.value, ended, isSending: false, failure: null }
      : { stage: "failed", failure: outcome, recording },
  );
}

/** Nothing of it is kept. */
export function discardVoice(conversation: ConversationId): void {
  const now = stages.peek().get(conversation);
  show(conversation, null);
  if (now && "recording" in now) now.recording?.cancel();
}

/** A conversation was left: what is recorded in it ends, and is still there afterwards. */
effect(() => {
  if (conversationLeft.value === 0) return;
  for (const [conversation, now] of stages.peek()) {
    if (now.stage === "asking") show(conversation, null);
    else if (now.stage === "recording") void stopVoice(conversation, "stopped");
  }
});

/** Stores it as a message; what could not be stored is still there. */
export async function sendVoice(
  model: FilesModel,
  conversation: ConversationId,
  replyTo: number | undefined,
): Promise<Outcome> {
  const now = stages.peek().get(conversation);
  if (now?.stage !== "ready" || now.isSending) return { ok: true, value: null };
  const { file, seconds, waveform } = now.note;
  const sending: VoiceStage = { ...now, isSending: true, failure: null };
  show(conversation, sending);
  const outcome = await model
    .send(conversation, {
      file,
      name: text().recorder.name(dateAndTime(locale.value, Date.now())),
      caption: "",
      quality: "standard",
      voice: { seconds: Math.max(1, Math.round(seconds)), waveform },
      replyTo,
    })
    .catch((): Outcome<never> => ({ ok: false, problem: "internal" }));
  if (stages.peek().get(conversation) === sending) {
    show(conversation, outcome.ok ? null : { ...now, failure: outcome });
  }
  return outcome.ok ? { ok: true, value: null } : outcome;
}

effect(() => {
  if (signedOut.value === 0) return;
  for (const conversation of stages.peek().keys()) discardVoice(conversation);
});

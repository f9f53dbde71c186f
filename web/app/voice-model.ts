/** Voice notes: recorded by the page, since only a page is given a microphone. */
import { canRecord } from "../platform/page/recorder-possible.ts";
import { lazily } from "../platform/lazily.ts";
import { PlatformError } from "../platform/problem.ts";
import type { Outcome, VoiceModel } from "./models.ts";

const recorder = lazily(() => import("../platform/page/recorder.ts"));
const finisher = lazily(() => import("../platform/page/finish-recording.ts"));

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return {
      ok: false,
      problem: error instanceof PlatformError ? error.failure : "recording_failed",
    };
  }
}

export function createVoiceModel(): VoiceModel {
  return {
    isPossible: canRecord(),
    record: () =>
      outcomeOf(async () => {
        const { startRecording } = await recorder();
        const recording = await startRecording();
        // It takes a moment on a bad network, and nobody wants to wait for it at the end.
        void finisher().catch(() => undefined);
        let whole: Promise<Blob> | null = null;
        return {
          level: recording.level,
          seconds: recording.seconds,
          cancel: recording.cancel,
          lost: recording.lost,
          // Asked again after what finishes it could not be fetched: the recording itself is kept.
          finish: () =>
            outcomeOf(async () => {
              whole ??= recording.stop();
              const recorded = await whole;
              return (await finisher()).finishRecording(recorded);
            }),
        };
      }),
  };
}

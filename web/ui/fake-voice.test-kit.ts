import type { Outcome, VoiceModel, VoiceRecording } from "../app/models.ts";

/** A recorder that hears the same for ever: half a minute, when it is finished. */
export function fakeVoice(
  call: <T>(name: string, argument: unknown, value: T) => Promise<Outcome<T>>,
): VoiceModel {
  const recording = (): VoiceRecording => ({
    level: () => 0.6,
    seconds: () => 12,
    finish: () =>
      call("finishVoice", null, {
        file: new Blob(["sound"], { type: "audio/webm" }),
        seconds: 32,
        waveform: Uint8Array.from({ length: 48 }, (_, bar) => 40 + ((bar * 53) % 200)),
      }),
    cancel: () => void call("cancelVoice", null, null),
    lost: new Promise(() => undefined),
  });
  return { isPossible: true, record: () => call("recordVoice", null, recording()) };
}

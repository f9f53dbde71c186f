/** Both are played by every browser that Thyme runs in; AAC by older ones as well. */
const TYPES = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus"];

/** What this browser records voice as. */
export const recordedType = (): string | undefined =>
  TYPES.find((type) => MediaRecorder.isTypeSupported(type));

/** Whether this browser can record at all; the microphone is not asked for, and what records comes later. */
export const canRecord = (): boolean =>
  typeof globalThis.MediaRecorder === "function" &&
  typeof navigator.mediaDevices?.getUserMedia === "function" &&
  recordedType() !== undefined;

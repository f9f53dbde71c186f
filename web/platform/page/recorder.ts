import { PlatformError } from "../problem.ts";
import { recordedType } from "./recorder-possible.ts";

/** A recording under way. */
export interface Recorder {
  /** how loud it is now, from 0 to 1 */
  level(): number;
  /** seconds so far */
  seconds(): number;
  /** Ends it and gives what was recorded, as the browser's recorder wrote it. Throws `recording_failed`. */
  stop(): Promise<Blob>;
  /** Ends it; nothing of it is kept. */
  cancel(): void;
  /** resolves when it ended by itself: the microphone was taken out, or given to a call */
  readonly lost: Promise<void>;
}

/** Speech needs no more; five minutes are 1.2 MB. */
const BITS_PER_SECOND = 32_000;

/** Chunks come while it records, so that a long recording is not gathered at its end. */
const SLICE_MS = 1_000;

function failureOf(error: unknown): PlatformError {
  const name = error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return new PlatformError("microphone_denied", error);
    case "NotFoundError":
    case "OverconstrainedError":
      return new PlatformError("microphone_missing", error);
    default:
      return new PlatformError("recording_failed", error);
  }
}

async function microphone(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
  } catch (error) {
    throw failureOf(error);
  }
}

/** How loud a stream is, without playing it. */
function meterOf(stream: MediaStream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level(): number {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, one) => sum + one ** 2, 0) / samples.length;
      return Math.min(1, Math.sqrt(Math.sqrt(power)) * 1.4);
    },
    close: (): void => void context.close().catch(() => undefined),
  };
}

/**
 * Asks for the microphone and records. Throws PlatformError `microphone_denied`, `microphone_missing`, or
 * `recording_failed` where another program holds it.
 */
export async function startRecording(): Promise<Recorder> {
  const stream = await microphone();
  const release = (): void => stream.getTracks().forEach((track) => track.stop());
  try {
    return recording(stream, release);
  } catch (error) {
    release();
    throw failureOf(error);
  }
}

function recording(stream: MediaStream, release: () => void): Recorder {
  const mimeType = recordedType();
  const recorder = new MediaRecorder(stream, {
    ...(mimeType === undefined ? {} : { mimeType }),
    audioBitsPerSecond: BITS_PER_SECOND,
  });
  const meter = meterOf(stream);
  const parts: Blob[] = [];
  const ended = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<void>();
  let startedAt = performance.now();
  let isAsked = false;

  const end = (): void => {
    isAsked = true;
    if (recorder.state !== "inactive") recorder.stop();
    release();
    meter.close();
  };
  recorder.addEventListener("start", () => (startedAt = performance.now()));
  recorder.addEventListener("dataavailable", ({ data }) => {
    if (data.size > 0) parts.push(data);
  });
  recorder.addEventListener("stop", () => {
    ended.resolve();
    if (!isAsked) lost.resolve();
  });
  recorder.addEventListener("error", () => {
    if (recorder.state !== "inactive") recorder.stop();
  });
  // The recorder of WebKit goes on with silence.
  for (const track of stream.getTracks()) {
    track.addEventListener("ended", () => !isAsked && lost.resolve());
  }
  recorder.start(SLICE_MS);
  return {
    level: () => (recorder.state === "recording" ? meter.level() : 0),
    seconds: () => (performance.now() - startedAt) / 1_000,
    async stop() {
      end();
      await ended.promise;
      if (parts.length === 0) throw new PlatformError("recording_failed");
      return new Blob(parts, { type: recorder.mimeType });
    },
    cancel: end,
    lost: lost.promise,
  };
}

import { expect, test } from "vitest";
import { finishRecording } from "./finish-recording.ts";
import { recordedType } from "./recorder-possible.ts";

/** A tone that this browser's recorder hears, as it writes it: with no duration in it. */
async function recorded(milliseconds: number): Promise<Blob> {
  const context = new AudioContext();
  await context.resume();
  const tone = context.createOscillator();
  const target = context.createMediaStreamDestination();
  tone.connect(target);
  tone.start();
  const recorder = new MediaRecorder(target.stream, { mimeType: recordedType() ?? "" });
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const ended = new Promise((resolve) => recorder.addEventListener("stop", resolve));
  const started = new Promise((resolve) => recorder.addEventListener("start", resolve));
  recorder.start(200);
  await started;
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  recorder.stop();
  await ended;
  await context.close();
  return new Blob(parts, { type: recorder.mimeType });
}

/** What a player knows of it before it has played. */
async function durationOf(file: Blob): Promise<number> {
  const audio = new Audio(URL.createObjectURL(file));
  audio.preload = "metadata";
  await new Promise((resolve, reject) => {
    audio.addEventListener("loadedmetadata", resolve);
    audio.addEventListener("error", reject);
  });
  return audio.duration;
}

test("a finished recording has its duration, can be sought in and is drawn", async () => {
  const raw = await recorded(1_500);
  const { file, seconds, waveform } = await finishRecording(raw);
  expect(["audio/webm", "audio/mp4"]).toContain(file.type);
  expect(seconds).toBeGreaterThan(1);
  expect(await durationOf(file)).toBeCloseTo(seconds, 0);
  expect(waveform.length).toBe(48);
  expect(Math.max(...waveform)).toBe(255);

  const audio = new Audio(URL.createObjectURL(file));
  await new Promise((resolve) => audio.addEventListener("loadedmetadata", resolve));
  const sought = new Promise((resolve) => audio.addEventListener("seeked", resolve));
  audio.currentTime = seconds / 2;
  await sought;
  expect(audio.currentTime).toBeCloseTo(seconds / 2, 1);
});

test("what is no recording is refused", async () => {
  await expect(finishRecording(new Blob(["no sound"]))).rejects.toMatchObject({
    failure: "recording_failed",
  });
});

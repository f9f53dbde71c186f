/** The one player of this page: what is heard goes on while one scrolls, and two are never heard at once. */
import { effect, signal } from "@preact/signals";
import { conversationLeft, signedOut } from "../state/endings.ts";

export interface Playing {
  /** whose sound it is */
  readonly sound: string;
  readonly state: "loading" | "playing" | "paused" | "failed";
  /** where it is, and how long it lasts */
  readonly seconds: number;
  readonly duration: number;
}

export const SPEEDS = [1, 1.5, 2] as const;

export const playing = signal<Playing | null>(null);
/** It holds for the next one too. */
export const speed = signal<(typeof SPEEDS)[number]>(1);

/** Where to start once it is loaded. */
let start = 0;
let sound: HTMLAudioElement | null = null;

function change(next: Partial<Playing>): void {
  if (playing.peek()) playing.value = { ...(playing.peek() as Playing), ...next };
}

function player(): HTMLAudioElement {
  if (sound) return sound;
  const audio = new Audio();
  audio.addEventListener("timeupdate", () => {
    if (audio.seeking || start > 0) return;
    change({ seconds: audio.currentTime });
  });
  audio.addEventListener("durationchange", () => {
    if (Number.isFinite(audio.duration)) change({ duration: audio.duration });
  });
  audio.addEventListener("playing", () => change({ state: "playing" }));
  audio.addEventListener("pause", () => {
    if (playing.peek()?.state === "playing") change({ state: "paused" });
  });
  audio.addEventListener("ended", () => change({ state: "paused", seconds: 0 }));
  audio.addEventListener("error", () => change({ state: "failed" }));
  sound = audio;
  return audio;
}

/** Stops whatever is heard. */
export function stopPlaying(): void {
  playing.value = null;
  start = 0;
  if (!sound) return;
  sound.pause();
  sound.removeAttribute("src");
  sound.load();
  release();
}

/** What is to be heard: `fetch` gives it, or null when it does not come; its duration is 0 where nobody knows. */
export interface Heard {
  readonly sound: string;
  readonly duration: number;
  readonly fetch: () => Promise<Blob | null>;
}

/** The address of what is heard, until something else is. */
let address: string | null = null;

function release(): void {
  if (address !== null) URL.revokeObjectURL(address);
  address = null;
}

async function load({ sound, duration, fetch }: Heard, seconds: number): Promise<boolean> {
  const audio = player();
  audio.pause();
  playing.value = { sound, state: "loading", seconds, duration };
  start = seconds;
  const file = await fetch();
  // Another one was chosen meanwhile.
  if (playing.peek()?.sound !== sound) return false;
  if (file === null) {
    playing.value = null;
    return false;
  }
  release();
  address = URL.createObjectURL(file);
  audio.src = address;
  audio.playbackRate = speed.peek();
  audio.currentTime = start;
  start = 0;
  return playing.peek()?.state === "loading";
}

async function play(): Promise<void> {
  const audio = player();
  audio.playbackRate = speed.peek();
  try {
    await audio.play();
  } catch (error) {
    // A browser may want a press for itself when the sound took long to come: the next press plays.
    const isRefused = error instanceof DOMException && error.name !== "NotSupportedError";
    change({ state: isRefused ? "paused" : "failed" });
  }
}

/** Plays it, or pauses it where it is. */
export async function togglePlaying(what: Heard): Promise<void> {
  const now = playing.peek();
  if (now?.sound !== what.sound || now.state === "failed") {
    if (await load(what, 0)) await play();
  } else if (now.state === "playing") player().pause();
  else if (now.state === "paused") await play();
}

/** Goes to a place of it; what was not heard stays silent. */
export async function seekPlaying(what: Heard, seconds: number): Promise<void> {
  const now = playing.peek();
  if (now?.sound !== what.sound || now.state === "failed") {
    if (await load(what, seconds)) change({ state: "paused", seconds });
    return;
  }
  change({ seconds });
  if (now.state === "loading") start = seconds;
  else player().currentTime = seconds;
}

export function nextSpeed(): void {
  const at = SPEEDS.indexOf(speed.peek());
  speed.value = SPEEDS[(at + 1) % SPEEDS.length] ?? 1;
  if (sound) sound.playbackRate = speed.peek();
}

// Whichever of them changes: who left a conversation does not want to hear more of it.
effect(() => {
  if (signedOut.value + conversationLeft.value > 0) stopPlaying();
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakeModels } from "../fake-models.test-kit.ts";
import { tone } from "../fake-pictures.test-kit.ts";
import { mount, unmount } from "../mount.test-kit.ts";
import { conversationLeft } from "../state/endings.ts";
import { playing, speed, stopPlaying } from "./player.ts";
import { SoundPlayer } from "./sound-player.tsx";
import "../styles/files.css";

const SECONDS = 40;
let fetched = 0;
const sound = (name: string) => ({
  sound: name,
  duration: SECONDS,
  fetch: () => {
    fetched += 1;
    return Promise.resolve(tone(SECONDS));
  },
});
const slider = () => page.getByRole("slider", { name: "Place in the recording" });
const button = (name: string) => page.getByRole("button", { name });

beforeEach(async () => {
  stopPlaying();
  speed.value = 1;
  fetched = 0;
  await mount(
    fakeModels().models,
    <SoundPlayer sound={sound("one")} waveform={new Uint8Array([9, 200])} inner />,
  );
});
afterEach(unmount);

test("a recording is fetched when it is first played, plays, and pauses where it is", async () => {
  await expect.element(slider()).toHaveAttribute("aria-valuetext", "0:00 of 0:40");
  expect(fetched).toBe(0);
  await userEvent.click(button("Play"));
  await expect.element(button("Pause")).toBeVisible();
  await expect.poll(() => playing.value?.seconds ?? 0).toBeGreaterThan(0.2);
  await userEvent.click(button("Pause"));
  await expect.element(button("Play")).toBeVisible();
  expect(playing.value?.seconds).toBeGreaterThan(0);
  expect(fetched).toBe(1);
});

test("arrows move in it by a twentieth, also before it was played", async () => {
  const element = slider().element();
  if (element instanceof HTMLElement) element.focus();
  await userEvent.keyboard("{ArrowRight}");
  await expect.element(slider()).toHaveAttribute("aria-valuetext", "0:02 of 0:40");
  await userEvent.keyboard("{ArrowRight}{ArrowRight}{ArrowLeft}");
  await expect.element(slider()).toHaveAttribute("aria-valuetext", "0:04 of 0:40");
  await userEvent.click(button("Play"));
  await expect.poll(() => playing.value?.seconds ?? 0).toBeGreaterThan(4.1);
});

test("the pointer chooses a place on its picture", async () => {
  const { width, height } = slider().element().getBoundingClientRect();
  await userEvent.click(slider(), { position: { x: width / 2, y: height / 2 } });
  await expect.poll(() => playing.value?.seconds ?? 0).toBeGreaterThan(18);
  expect(playing.value?.seconds).toBeLessThan(22);
  expect(playing.value?.state).toBe("paused");
});

test("it plays at three speeds, and the next one as the last", async () => {
  await userEvent.click(button("Speed 1"));
  await userEvent.click(button("Speed 1.5"));
  await expect.element(button("Speed 2")).toBeVisible();
  await userEvent.click(button("Speed 2"));
  await expect.element(button("Speed 1")).toBeVisible();
});

test("who leaves the conversation hears no more of it", async () => {
  await userEvent.click(button("Play"));
  await expect.element(button("Pause")).toBeVisible();
  conversationLeft.value += 1;
  await expect.element(button("Play")).toBeVisible();
  expect(playing.value).toBeNull();
});

test("what does not play says so", async () => {
  const broken = { ...sound("two"), fetch: () => Promise.resolve(new Blob(["no sound"])) };
  await mount(fakeModels().models, <SoundPlayer sound={broken} waveform={undefined} inner />);
  await userEvent.click(button("Play"));
  await expect.element(page.getByRole("alert")).toHaveTextContent(/could not be played/);
});

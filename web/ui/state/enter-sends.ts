import { signal } from "@preact/signals";
import { recall, remember } from "./device-choices.ts";

/** Whether Enter sends a message on this device; else it breaks the line, and Ctrl or Cmd with it sends. */
export const enterSends = signal(true);

/** As it was chosen in this browser. */
export function startEnterSends(): void {
  enterSends.value = recall("enter") !== "breaks";
}
startEnterSends();

export function chooseEnterSends(on: boolean): void {
  enterSends.value = on;
  remember("enter", on ? "sends" : "breaks");
}

/** Keyboards on glass have no Shift+Enter, so there Enter breaks the line and the button sends. */
export const onGlass = (): boolean => matchMedia("(hover: none) and (pointer: coarse)").matches;

import { signal } from "@preact/signals";
import { recall, remember } from "./device-choices.ts";

/** Whether single letters act as shortcuts on this device. */
export const shortcuts = signal(recall("shortcuts") !== "off");

export function chooseShortcuts(on: boolean): void {
  shortcuts.value = on;
  remember("shortcuts", on ? "on" : "off");
}

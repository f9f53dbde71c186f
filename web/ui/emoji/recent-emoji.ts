import { recall, remember } from "../state/device-choices.ts";

const KEPT = 18;

/** Used last on this device, the newest first. */
export const recentEmoji = (): string[] =>
  (recall("emoji") ?? "").split(" ").filter((sign) => sign !== "");

export function rememberEmoji(sign: string): void {
  const others = recentEmoji().filter((known) => known !== sign);
  remember("emoji", [sign, ...others].slice(0, KEPT).join(" "));
}

import * as z from "zod/mini";

/** What the person tells the others, and is told by them: each switch works both ways (K9). */
export const preferences = z.strictObject({
  /** read receipts (M10) */
  receipts: z.boolean(),
  typing: z.boolean(),
  /** online and last seen */
  presence: z.boolean(),
});
export type Preferences = z.infer<typeof preferences>;

export const preferenceName = z.enum(["receipts", "typing", "presence"]);
export type PreferenceName = z.infer<typeof preferenceName>;

export const DEFAULT_PREFERENCES: Preferences = { receipts: true, typing: true, presence: true };

/** What another device left, with those switches of this one that it does not know yet. */
export function mergePreferences(
  theirs: Preferences,
  mine: Preferences,
  pending: readonly PreferenceName[],
): Preferences {
  const of = (name: PreferenceName): boolean => (pending.includes(name) ? mine : theirs)[name];
  return { receipts: of("receipts"), typing: of("typing"), presence: of("presence") };
}

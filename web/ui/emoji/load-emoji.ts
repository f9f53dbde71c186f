import type { Language } from "../text/language.ts";
import { type EmojiGroup, readGroups } from "./emoji-data.ts";

/** Each language in a chunk of its own, which the service worker keeps for use without a network. */
const chunks = {
  en: () => import("virtual:emoji-en"),
  es: () => import("virtual:emoji-es"),
} satisfies Record<Language, () => Promise<unknown>>;

const loaded = new Map<Language, readonly EmojiGroup[]>();

/** Rejects where the chunk does not come. */
export async function loadEmoji(language: Language): Promise<readonly EmojiGroup[]> {
  const known = loaded.get(language);
  if (known) return known;
  const groups = readGroups((await chunks[language]()).groups);
  loaded.set(language, groups);
  return groups;
}

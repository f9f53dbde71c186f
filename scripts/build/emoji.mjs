import { createRequire } from "node:module";

/** Newer pictures are still empty squares on many phones. */
const NEWEST = 15;
/** Skin tones and hair: no pictures of their own. */
const COMPONENT = 2;
const PREFIX = "virtual:emoji-";

const load = createRequire(import.meta.url);

/** @typedef {{ emoji: string, label: string, tags?: string[], group?: number, order?: number, version: number }} Entry */

/**
 * As keyboards write it: what is a picture by itself does not ask to be one. Else two people who choose the same
 * emoji would have chosen different ones.
 * @param {string} sign
 */
const plain = (sign) => sign.replace(/(\p{Emoji_Presentation})\ufe0f/gu, "$1");

/**
 * The emoji of a language by group: name of the group, then a line for each with its sign, name and further words.
 * @param {string} language
 * @returns {[string, string][]}
 */
export function emojiOf(language) {
  /** @type {Entry[]} */
  const entries = load(`emojibase-data/${language}/data.json`);
  /** @type {{ groups: { message: string, order: number }[] }} */
  const { groups } = load(`emojibase-data/${language}/messages.json`);
  const shown = entries
    .filter(({ group, version }) => group !== undefined && version <= NEWEST)
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  return groups
    .filter(({ order }) => order !== COMPONENT)
    .map(({ message, order }) => [
      message.charAt(0).toLocaleUpperCase(language) + message.slice(1),
      shown
        .filter(({ group }) => group === order)
        .map(({ emoji, label, tags }) => [plain(emoji), label, (tags ?? []).join(" ")].join("\t"))
        .join("\n"),
    ]);
}

/**
 * Serves `virtual:emoji-en` and the like, each of which becomes a chunk that is loaded when somebody opens the
 * grid. The whole of emojibase-data, with its skin tones and codes, would be eight times as large.
 * @returns {import("vite").Plugin}
 */
export function emoji() {
  return {
    name: "thyme-emoji",
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const groups = emojiOf(id.slice(PREFIX.length + 1));
      return `export const groups = ${JSON.stringify(groups)};`;
    },
  };
}

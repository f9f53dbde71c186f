/** The emoji of a language as the build writes them (scripts/build/emoji.mjs), and what people look for among them. */

export interface Emoji {
  readonly sign: string;
  readonly name: string;
  /** all words that it is found by, without accents and capitals */
  readonly words: readonly string[];
}

export interface EmojiGroup {
  readonly name: string;
  readonly emoji: readonly Emoji[];
}

/** As people type: neither accents nor capitals matter. */
const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const wordsOf = (text: string): string[] =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** A line for each emoji: the sign, its name and its further words, with tabs between. */
export function readGroups(
  raw: readonly (readonly [name: string, lines: string])[],
): readonly EmojiGroup[] {
  return raw.map(([name, lines]) => ({
    name,
    emoji: lines.split("\n").map((line) => {
      const [sign = "", title = "", tags = ""] = line.split("\t");
      return { sign, name: title, words: wordsOf(`${title} ${tags}`) };
    }),
  }));
}

/** Those of which every word asked for begins one of theirs; whose name begins so comes first. */
export function findEmoji(groups: readonly EmojiGroup[], query: string): readonly Emoji[] {
  const asked = wordsOf(query);
  if (asked.length === 0) return [];
  const found = groups
    .flatMap(({ emoji }) => emoji)
    .filter(({ words }) => asked.every((word) => words.some((known) => known.startsWith(word))));
  const start = asked.join(" ");
  const isNamed = ({ name }: Emoji): number => (wordsOf(name).join(" ").startsWith(start) ? 0 : 1);
  return found.toSorted((a, b) => isNamed(a) - isNamed(b));
}

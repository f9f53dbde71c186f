/** What Thyme fills in by itself; the words between the braces are those of either language. */
export interface Values {
  readonly name: string;
  readonly date: string;
  readonly me: string;
}

const WORDS: ReadonlyMap<string, keyof Values> = new Map([
  ["name", "name"],
  ["nombre", "name"],
  ["date", "date"],
  ["fecha", "date"],
  ["me", "me"],
  ["yo", "me"],
]);

const PLACEHOLDER = /\{([^{}\n]{1,40})\}/gu;

/** The text of a template for this person today; what is not known stays as it is. */
export const filled = (template: string, values: Values): string =>
  template.replace(PLACEHOLDER, (whole, word: string) => {
    const known = WORDS.get(word.trim().toLowerCase());
    return known === undefined ? whole : values[known];
  });

/** Where the first placeholder from here on stands, braces included. */
export function nextPlaceholder(
  text: string,
  from: number,
): { readonly start: number; readonly end: number } | null {
  for (const { index, 0: whole } of text.matchAll(PLACEHOLDER)) {
    if (index >= from) return { start: index, end: index + whole.length };
  }
  return null;
}

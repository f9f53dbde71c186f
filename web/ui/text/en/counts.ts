const rules = new Map<string, Intl.PluralRules>();
const numbers = new Map<string, Intl.NumberFormat>();

function cached<T>(map: Map<string, T>, language: string, make: () => T): T {
  const known = map.get(language);
  if (known !== undefined) return known;
  const made = make();
  map.set(language, made);
  return made;
}

/** A whole number as this language writes it. */
export function formatNumber(language: string, count: number): string {
  return cached(numbers, language, () => new Intl.NumberFormat(language)).format(count);
}

/** "1 new message", "1,200 new messages": both languages of Thyme tell only one from the rest. */
export function counted(language: string, count: number, one: string, other: string): string {
  const category = cached(rules, language, () => new Intl.PluralRules(language)).select(count);
  return `${formatNumber(language, count)} ${category === "one" ? one : other}`;
}

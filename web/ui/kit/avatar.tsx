/** First letters of the first and the last word; one letter of a single word. */
export function initials(name: string): string {
  const words = name
    .replace(/\p{P}+/gu, " ")
    .split(/\s+/u)
    .filter((word) => word !== "");
  // A title says nothing about the person.
  const own =
    words.length > 1 ? words.filter((word) => !/^(dra?|prof|don|doña)$/iu.test(word)) : words;
  const first = own.at(0) ?? words.at(0) ?? "";
  const last = own.length > 1 ? (own.at(-1) ?? "") : "";
  const letter = (word: string): string => Array.from(word).at(0) ?? "";
  return (letter(first) + letter(last)).toLocaleUpperCase();
}

export function Avatar({ name, size }: { name: string; size?: "medium" | "large" }) {
  return (
    <span class={size ? `avatar ${size}` : "avatar"} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

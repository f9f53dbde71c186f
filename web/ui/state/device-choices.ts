/** Choices of this device that are no secret. A browser that refuses storage just forgets them. */
type Preference = "language" | "theme" | "shortcuts" | "enter" | "emoji";

export function recall(name: Preference): string | null {
  try {
    return localStorage.getItem(`thyme.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: Preference, value: string): void {
  try {
    localStorage.setItem(`thyme.${name}`, value);
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}

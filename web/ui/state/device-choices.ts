/** Choices of this device that are no secret. A browser that refuses storage just forgets them. */
type DeviceChoice = "language" | "theme" | "shortcuts" | "enter" | "emoji";

export function recall(name: DeviceChoice): string | null {
  try {
    return localStorage.getItem(`thyme.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: DeviceChoice, value: string): void {
  try {
    localStorage.setItem(`thyme.${name}`, value);
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}

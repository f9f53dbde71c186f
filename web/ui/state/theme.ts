import { signal } from "@preact/signals";
import { recall, remember } from "./device-choices.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** As `--paper` in tokens.css: the browser's own frame around the page. */
const FRAME = { light: "#FBFAF7", dark: "#121513" };

export const theme = signal<Theme>("system");

function show(next: Theme): void {
  theme.value = next;
  const root = document.documentElement;
  if (next === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = next;
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const own = meta.media.includes("dark") ? FRAME.dark : FRAME.light;
    meta.content = next === "system" ? own : FRAME[next];
  }
}

/** Before the first paint. */
export function startTheme(): void {
  const chosen = recall("theme");
  show(THEMES.find((known) => known === chosen) ?? "system");
}

export function chooseTheme(next: Theme): void {
  show(next);
  remember("theme", next);
}

import { computed, signal } from "@preact/signals";
import { recall, remember } from "../state/device-choices.ts";
import type { Catalogue } from "./en/catalogue.ts";

export const LANGUAGES = ["en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in itself, for somebody who cannot read the one on screen. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", es: "Español" };

/** Each in its own chunk: a visitor loads one. */
const catalogues: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import("./en/en.ts")).en,
  es: async () => (await import("./es/es.ts")).es,
};

const current = signal<{ language: Language; catalogue: Catalogue } | null>(null);

function isLanguage(value: string | null): value is Language {
  return LANGUAGES.some((language) => language === value);
}

const base = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";

/** The first language of the browser that Thyme speaks; a chosen one comes first. */
export function preferredLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return browser.map(base).find(isLanguage) ?? "en";
}

/** Loads the catalogue and shows it everywhere at once. */
export async function showLanguage(next: Language): Promise<void> {
  const catalogue = await catalogues[next]();
  current.value = { language: next, catalogue };
  document.documentElement.lang = next;
}

/** Before the first paint: what was chosen here earlier, else what the browser asks for. */
export function startLanguage(): Promise<void> {
  return showLanguage(preferredLanguage(recall("language"), navigator.languages));
}

/** The choice of the person, kept on this device. */
export async function chooseLanguage(next: Language): Promise<void> {
  await showLanguage(next);
  remember("language", next);
}

/** The catalogue on screen. Reading it in a component makes the component follow a change of language. */
export function text(): Catalogue {
  if (current.value === null) throw new Error("text() was read before startLanguage() settled");
  return current.value.catalogue;
}

export const language = computed<Language>(() => current.value?.language ?? "en");

/** For `Intl`: the regional form the browser names (es-MX), where it is of the language on screen. */
export const locale = computed<string>(
  () => navigator.languages.find((tag) => base(tag) === language.value) ?? language.value,
);

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { results } from "../bench/bundle.ts";

/** Where pictures go; never in the repository. */
export const pictures = join(results, "look");

export interface Variant {
  readonly size: "phone" | "desk";
  readonly theme: "light" | "dark";
  readonly language: "en" | "es";
}

const both = <A, B>(first: readonly A[], second: readonly B[]): (readonly [A, B])[] =>
  first.flatMap((a) => second.map((b) => [a, b] as const));

export const VARIANTS: readonly Variant[] = both(
  ["phone", "desk"] as const,
  both(["light", "dark"] as const, ["en", "es"] as const),
).map(([size, [theme, language]]) => ({ size, theme, language }));

export const nameOf = ({ size, theme, language }: Variant): string =>
  `${size}-${theme}-${language}`;

export const contextOf = ({ size, theme, language }: Variant): BrowserContextOptions => ({
  colorScheme: theme,
  locale: language === "en" ? "en-GB" : "es-ES",
  reducedMotion: "reduce",
  ...(size === "phone"
    ? { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
    : { viewport: { width: 1440, height: 900 } }),
});

/** One picture of what is on screen. */
export async function shoot(page: Page, state: string, variant: Variant): Promise<void> {
  const folder = join(pictures, state);
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${nameOf(variant)}.png`) });
}

/** A page for one variant; closed with its context. */
export async function pageOf(browser: Browser, variant: Variant): Promise<Page> {
  const context = await browser.newContext(contextOf(variant));
  return context.newPage();
}

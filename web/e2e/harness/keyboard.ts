import type { Locator } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "./person.ts";

type Role = Parameters<Locator["getByRole"]>[0];

/** More stops than any screen has: only a trap makes somebody press Tab this often. */
const MOST_STOPS = 120;

/** Presses keys one after the other. */
export async function press({ page }: Person, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Resolves when the focus is on this element and is seen to be there. */
export async function focusIsOn(who: Person, role: Role, name: string | RegExp): Promise<void> {
  const wanted = `${role} ${String(name)}`;
  await expect
    .poll(async () => ((await isOn(who, role, name)) ? wanted : describeFocus(who)), {
      timeout: 20_000,
    })
    .toBe(wanted);
  await expectRing(who);
}

/** Presses `key` until the focus is on this element; every stop on the way shows where the focus is. */
export async function walkTo(
  who: Person,
  role: Role,
  name: string | RegExp,
  key: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
  const stops: string[] = [];
  while (stops.length < MOST_STOPS) {
    await press(who, key);
    if (await isOn(who, role, name)) return expectRing(who);
    stops.push(await describeFocus(who));
    // Between the last and the first stop the focus is on nothing of the page.
    if (stops.at(-1) !== "nothing") await expectRing(who);
  }
  throw new Error(`${key} does not lead to ${role} ${String(name)}: ${stops.join(", ")}`);
}

/** Every stop of Tab or Shift+Tab from here until the first one comes again. Throws where it never does: a trap. */
export async function roundTrip(who: Person, key: "Tab" | "Shift+Tab"): Promise<string[]> {
  const stops: string[] = [];
  await press(who, key);
  await who.page.evaluate(() => document.activeElement?.setAttribute("data-first-stop", ""));
  while (stops.length < MOST_STOPS) {
    stops.push(await describeFocus(who));
    await press(who, key);
    const isBack = await who.page.evaluate(() => {
      const isFirst = document.activeElement?.hasAttribute("data-first-stop") ?? false;
      if (isFirst) document.activeElement?.removeAttribute("data-first-stop");
      return isFirst;
    });
    if (isBack) return stops;
  }
  throw new Error(`${key} never comes round: ${stops.join(", ")}`);
}

const isOn = async ({ page }: Person, role: Role, name: string | RegExp): Promise<boolean> =>
  (await page.locator(":focus").and(page.getByRole(role, { name })).count()) === 1;

/** For messages of failed tests and to compare stops: what the focus is on. */
export const describeFocus = ({ page }: Person): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return "nothing";
    const name = at.getAttribute("aria-label") ?? at.textContent ?? "";
    return `${at.getAttribute("role") ?? at.localName} "${name.trim().slice(0, 40)}"`;
  });

/** WCAG 2.4.7: a control shows a ring of 2 px or more, itself or as the frame that it stands in. */
async function expectRing({ page }: Person): Promise<void> {
  // A screen that has just changed may still be painting.
  await expect
    .poll(
      () =>
        page.evaluate(() => {
          const at = document.activeElement;
          // A heading takes the focus so that it is read out; it is no control.
          if (at === null || at === document.body || /^H[1-3]$/.test(at.tagName)) return "seen";
          const isDrawn = (element: Element | null): boolean => {
            if (element === null) return false;
            const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } =
              getComputedStyle(element);
            const isClear = (color: string): boolean => /transparent|, 0\)$/.test(color);
            const outlined =
              outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !isClear(outlineColor);
            // A border and a shadow of one colour, 1 px each, are a ring of two.
            return outlined || (boxShadow !== "none" && boxShadow.startsWith(borderColor));
          };
          const box = at.getBoundingClientRect();
          const isOnScreen =
            box.width > 0 &&
            box.bottom > 0 &&
            box.top < innerHeight &&
            box.right > 0 &&
            box.left < innerWidth;
          const frame = at.parentElement?.closest(":focus-within") ?? null;
          // A text box may show it by its frame, a message by its bubble.
          const drawn =
            isDrawn(at) ||
            (at.matches("textarea") && isDrawn(frame)) ||
            (at.matches("article") && [...at.children].some(isDrawn));
          return isOnScreen && drawn ? "seen" : `no visible focus on ${at.outerHTML.slice(0, 200)}`;
        }),
      { timeout: 5_000 },
    )
    .toBe("seen");
}

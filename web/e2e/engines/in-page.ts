import { Ivya } from "ivya";
import type { EngineName } from "./wire.ts";

/** Where the pointer has to go, or what keeps it from there. */
export type Spot = { readonly at: readonly [x: number, y: number] } | { readonly why: string };

/** What a tab asks of the page that it shows. Roles and names are found as in the journeys in Chromium. */
export interface InPage {
  /** Every uncaught error since the page was first looked at. */
  readonly errors: readonly string[];
  count(selector: string): number;
  texts(selector: string): string[];
  value(selector: string): string;
  spot(selector: string): Promise<Spot>;
  /** Moves the focus there with everything selected that the field holds. Returns why it is not so yet. */
  select(selector: string): string | null;
}

declare global {
  var thymeTab: ((engine: EngineName) => InPage) | undefined;
}

const errors: string[] = [];
addEventListener("error", (event) => errors.push(`exception: ${event.message}`));
addEventListener("unhandledrejection", (event) => errors.push(`rejection: ${event.reason}`));
document.addEventListener("securitypolicyviolation", (event) =>
  errors.push(`policy violation: ${event.violatedDirective} ${event.blockedURI}`),
);

const STILL_MS = 40;

/** The field that the last look selected. */
let chosen: HTMLInputElement | null = null;

function inPage(browser: EngineName): InPage {
  const all = (selector: string): Element[] =>
    Ivya.create({ browser })
      .queryLocatorSelectorAll(selector)
      .filter((element) => isSeen(element));
  const only = (selector: string): Element | string => {
    const [first, second] = all(selector);
    if (first === undefined) return "not there";
    return second === undefined ? first : `there ${all(selector).length} times`;
  };
  return {
    errors,
    count: (selector) => all(selector).length,
    texts: (selector) => all(selector).map((element) => element.textContent ?? ""),
    value(selector) {
      const found = only(selector);
      if (typeof found === "string") throw new Error(`${selector} is ${found}`);
      return (found as HTMLInputElement).value;
    },
    async spot(selector) {
      const found = only(selector);
      if (typeof found === "string") return { why: found };
      found.scrollIntoView({ block: "nearest", inline: "nearest" });
      const before = found.getBoundingClientRect();
      // A page behind others has no frames to count.
      await new Promise((resolve) => setTimeout(resolve, STILL_MS));
      const after = found.getBoundingClientRect();
      if (before.x !== after.x || before.y !== after.y) return { why: "moving" };
      if (found.matches(":disabled, [aria-disabled='true']")) return { why: "disabled" };
      const at = [after.x + after.width / 2, after.y + after.height / 2] as const;
      const top = document.elementFromPoint(...at);
      if (top === null) return { why: "outside the window" };
      // A label's click is its field's.
      const isHit = found.contains(top) || top.closest("label")?.control === found;
      return isHit ? { at } : { why: `behind ${top.outerHTML.slice(0, 120)}` };
    },
    select(selector) {
      const found = only(selector);
      if (typeof found === "string") return found;
      const field = found as HTMLInputElement;
      const isSelected = field.selectionStart === 0 && field.selectionEnd === field.value.length;
      // A box that has just opened moves its caret once more: only what stayed selected is replaced.
      if (document.activeElement === field && isSelected && chosen === field) return null;
      field.focus();
      field.select();
      chosen = field;
      return "not selected for good";
    },
  };
}

function isSeen(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(element).visibility === "visible";
}

globalThis.thymeTab = inPage;

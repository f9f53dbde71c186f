import type { Page } from "playwright-core";

/**
 * What is wrong on screen without anybody looking: wider than the screen or than a box on it, text cut off without a
 * sign of it, or a control under another.
 */
export const defectsOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const named = (element: Element): string => {
      const said = element.getAttribute("aria-label") ?? element.textContent ?? "";
      const words = said.trim().replace(/\s+/g, " ").slice(0, 60);
      return words === "" ? element.outerHTML.slice(0, 80) : words;
    };
    /** Hidden on screen, but not from a screen reader. */
    const isHidden = (element: Element): boolean =>
      element.closest(".hidden-text") !== null ||
      element.getBoundingClientRect().width <= 1 ||
      !element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

    const wide = document.documentElement.scrollWidth > innerWidth ? ["wider than the screen"] : [];
    const sideways = [...document.querySelectorAll("*")]
      .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX))
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map((element) => `scrolls sideways: ${named(element)}`);

    const hidesText = ({
      textOverflow,
      webkitLineClamp,
      overflowX,
      overflowY,
    }: CSSStyleDeclaration) =>
      textOverflow !== "ellipsis" &&
      webkitLineClamp === "none" &&
      [overflowX, overflowY].some((overflow) => overflow === "hidden" || overflow === "clip");
    const cut = [...document.querySelectorAll("button, a, label, h1, h2, h3, p, span, li")]
      .filter((element) => hidesText(getComputedStyle(element)) && !isHidden(element))
      .filter(
        ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
          scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1,
      )
      .map((element) => `cut off: ${named(element)}`);

    const CONTROLS = "button, a, input, textarea, select";
    /** Whether no box that scrolls has it beyond its edge. */
    const isInSight = (element: Element, x: number, y: number): boolean => {
      for (let box = element.parentElement; box; box = box.parentElement) {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        const isCutting = getComputedStyle(box).overflowY !== "visible" && box !== document.body;
        if (isCutting && (x < left || x > right || y < top || y > bottom)) return false;
      }
      return true;
    };
    const over = (control: Element): Element | undefined => {
      const { left, width, top, height } = control.getBoundingClientRect();
      const y = top + height / 2;
      return (
        [0.2, 0.5, 0.8]
          .map((share) => left + width * share)
          .filter((x) => isInSight(control, x, y))
          .flatMap((x) => document.elementFromPoint(x, y)?.closest(CONTROLS) ?? [])
          // The day that floats over the log is meant to: what it covers is reached by scrolling.
          .filter((other) => other.closest(".floating-day") === null)
          // So is what stops a picture, in the middle of the button that it is as a whole.
          .filter((other) => !other.matches(".photo-stop"))
          .find((other) => !control.contains(other) && !other.contains(control))
      );
    };
    // Under an open dialog, menu or panel everything else is meant to be out of reach.
    const top = [...document.querySelectorAll("dialog[open], :popover-open, .picker")].at(-1);
    const covered = [...(top ?? document).querySelectorAll(CONTROLS)]
      .filter((control) => !isHidden(control))
      .flatMap((control) => {
        const other = over(control);
        return other ? [`covered: ${named(control)} by ${named(other)}`] : [];
      });
    return [...wide, ...sideways, ...cut, ...covered];
  });

import type { Page } from "playwright-core";
import { type Frames, framesOf } from "./figures.ts";

interface Scrolling {
  /** inside, at or around this element something scrolls */
  readonly selector: string;
  /** pixels a frame; negative is upwards */
  readonly step: number;
  readonly frames: number;
}

/** Scrolls as a steady finger does and gives the times between frames. It turns round at the end of the list. */
export async function scrollFrames(page: Page, scrolling: Scrolling): Promise<Frames> {
  const times = await page.evaluate(async ({ selector, step, frames }) => {
    const element = document.querySelector(selector);
    const near = [element, ...(element?.querySelectorAll("*") ?? [])];
    for (let up = element?.parentElement; up; up = up.parentElement) near.push(up);
    const scroller = near.find(
      (one) =>
        one !== null &&
        one.scrollHeight > one.clientHeight + 1 &&
        /auto|scroll/.test(getComputedStyle(one).overflowY),
    );
    if (!scroller) throw new RangeError(`nothing scrolls at ${selector}`);
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const all: number[] = [];
    let direction = 1;
    let before = await frame();
    for (let i = 0; i < frames; i += 1) {
      const old = scroller.scrollTop;
      scroller.scrollTop = old + step * direction;
      // Upwards more comes at the top; only a list that ends is turned round.
      if (scroller.scrollTop === old && step > 0) direction = -direction;
      const now = await frame();
      all.push(now - before);
      before = now;
    }
    return all;
  }, scrolling);
  return framesOf(times);
}

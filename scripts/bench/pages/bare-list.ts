/** Runs in Chromium: virtua with plain rows, nothing else. What any list on it can be measured by. */
import { h, render } from "preact";
import { Virtualizer } from "virtua";

interface BareList {
  readonly texts: readonly string[];
  readonly rowPx: number;
  /** starts at the end, as a history does */
  readonly fromEnd: boolean;
}

/** Fills the page's `#scroller`. */
export function show({ texts, rowPx, fromEnd }: BareList): void {
  const scroller = document.getElementById("scroller");
  if (!scroller) throw new RangeError("no scroller");
  const rows = texts.map((text) => h("div", { style: `min-height:${rowPx}px` }, text));
  render(h(Virtualizer, { itemSize: rowPx, children: rows }), scroller);
  if (fromEnd) scroller.scrollTop = scroller.scrollHeight;
}

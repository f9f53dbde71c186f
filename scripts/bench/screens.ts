import type { Browser, Page } from "playwright-core";
import { bundled } from "./bundle.ts";
import { emptyPage } from "./empty-page.ts";
import { type Frames, type Row, median, middleOf } from "./figures.ts";
import type { Filled } from "./pages/fill.ts";
import { scrollFrames } from "./scrolling.ts";
import "./globals.ts";

const STARTS = 7;
const OPENINGS = 7;
const ROUNDS = 5;
const FRAMES = 180;
const MOST = 1.5;

const LIST = 'nav[aria-label="Conversations"]';
const LOG = '[role="log"][aria-label="Messages"]';
const ROW = `${LIST} a[href^="/c/"]`;

/** The list of 500 conversations, in a browser that has them all in its store. */
export async function listRows(browser: Browser, page: Page, filled: Filled): Promise<Row[]> {
  const starts: number[] = [];
  for (let i = 0; i < STARTS; i += 1) starts.push(await startTime(page));
  const scroll = { step: 30, frames: FRAMES };
  const bare = { texts: filled.rows, rowPx: 60, fromEnd: false, width: 320 };
  const frames = await besideBare(browser, page, bare, { ...scroll, selector: LIST });
  return [
    {
      what: `list of ${filled.rows.length} conversations usable`,
      measured: `${median(starts).toFixed(0)} ms after the navigation`,
      goal: "<= 500 ms",
      gate: null,
    },
    framesRow("frames while the list scrolls", frames),
  ];
}

/** A conversation of 10,000 messages: opening it and scrolling up. */
export async function historyRows(browser: Browser, page: Page, filled: Filled): Promise<Row[]> {
  const openings: number[] = [];
  for (let i = 0; i < OPENINGS; i += 1) openings.push(await openingTime(page, filled.title));
  const scroll = { step: -60, frames: FRAMES };
  const bare = { texts: filled.texts, rowPx: 44, fromEnd: true, width: 800 };
  const frames = await besideBare(browser, page, bare, { ...scroll, selector: LOG });
  return [
    {
      what: `conversation of ${filled.texts.length} messages: first ones painted`,
      measured: `${median(openings).toFixed(0)} ms after the click`,
      goal: "<= 300 ms",
      gate: null,
    },
    framesRow("frames while the history scrolls up", frames),
    {
      what: "JavaScript heap of the page after that",
      measured: `${((await heapBytes(page)) / 1e6).toFixed(1)} MB`,
      goal: "",
      gate: null,
    },
  ];
}

/** From the navigation to a painted row that can be clicked. */
async function startTime(page: Page): Promise<number> {
  await page.goto("/");
  await page.locator(ROW).first().waitFor();
  return page.evaluate(() => performance.getEntriesByName("bench-list")[0]?.startTime ?? Infinity);
}

/** Before the first navigation: marks the moment in every page that is loaded from now on. */
export async function markListUsable(page: Page): Promise<void> {
  await page.addInitScript((selector) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      observer.disconnect();
      // A task after the frame: what was rendered is painted.
      requestAnimationFrame(() => setTimeout(() => performance.mark("bench-list")));
    });
    observer.observe(document, { childList: true, subtree: true });
  }, ROW);
}

/** From the click on the row to painted messages. */
async function openingTime(page: Page, title: string): Promise<number> {
  await page.goto("/");
  const row = page.locator(ROW).filter({ hasText: title }).first();
  await row.waitFor();
  // What the screen loads after its first paint is there.
  await page.waitForTimeout(1_500);
  return row.evaluate(async (link, log) => {
    const start = performance.now();
    const painted = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector(`${log} article`)) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      });
      observer.observe(document, { childList: true, subtree: true });
    });
    if (link instanceof HTMLElement) link.click();
    return (await painted) - start;
  }, LOG);
}

interface Bare {
  readonly texts: readonly string[];
  readonly rowPx: number;
  readonly fromEnd: boolean;
  readonly width: number;
}

interface Beside {
  readonly app: Frames;
  readonly bare: Frames;
  readonly ratio: number;
}

/** Rounds taken in turns, so that whatever else the machine does hits both. */
async function besideBare(
  browser: Browser,
  page: Page,
  { width, ...list }: Bare,
  scroll: Parameters<typeof scrollFrames>[1],
): Promise<Beside> {
  const height = page.viewportSize()?.height ?? 900;
  const peer = await emptyPage(browser, width, height);
  await peer.page.addScriptTag({ content: await bundled("bare-list") });
  await peer.page.evaluate((shown) => bench.show(shown), list);
  const rounds: { readonly app: Frames; readonly bare: Frames }[] = [];
  for (let i = 0; i <= ROUNDS; i += 1) {
    await page.bringToFront();
    const app = await scrollFrames(page, scroll);
    await peer.page.bringToFront();
    const bare = await scrollFrames(peer.page, { ...scroll, selector: "#scroller" });
    // The first round warms both up.
    if (i > 0) rounds.push({ app, bare });
  }
  await peer.close();
  await page.bringToFront();
  return {
    app: middleOf(rounds.map(({ app }) => app)),
    bare: middleOf(rounds.map(({ bare }) => bare)),
    ratio: median(rounds.map(({ app, bare }) => app.p95 / bare.p95)),
  };
}

function framesRow(what: string, { app, bare, ratio }: Beside): Row {
  const said = ({ p50, p95, longest }: Frames): string =>
    `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, longest ${longest.toFixed(0)} ms`;
  return {
    what,
    measured: said(app),
    goal: "50 frames/s",
    gate: { peer: `bare virtua: ${said(bare)}`, ratio, most: MOST },
  };
}

async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { newSecrets } from "../local/local-secrets.mjs";
import { sizesUntilUsable } from "../build/size.mjs";
import { freePort, migrateLocal } from "../local/worker-process.mjs";
import { launchBrowser } from "../../web/e2e/harness/browser.ts";
import { meet } from "../../web/e2e/harness/couple.ts";
import { LocalServer } from "../../web/e2e/harness/local-server.ts";
import type { Person } from "../../web/e2e/harness/person.ts";
import { bundled, results } from "./bundle.ts";
import { cryptoRows } from "./crypto-rows.ts";
import { type Row, isKept, tableOf } from "./figures.ts";
import type { Filled } from "./pages/fill.ts";
import { historyRows, listRows, markListUsable } from "./screens.ts";
import { MESSAGES, NAMES } from "./texts.ts";
import "./globals.ts";

const CONVERSATIONS = 500;
const HISTORY = 10_000;

export interface Report {
  readonly table: string;
  /** whether every ratio is within its gate */
  readonly kept: boolean;
  /** of the JSON that was written */
  readonly file: string;
}

/** Measures everything once, writes the figures and gives the table. `say` is told what is going on. */
export async function benchClient(say: (line: string) => void): Promise<Report> {
  const browser = await launchBrowser();
  try {
    say("Sealing and opening ...");
    const rows = [...(await cryptoRows(browser)), ...LATER, ...loadRows()];
    say(`Filling ${CONVERSATIONS} conversations and ${HISTORY} messages ...`);
    rows.push(...(await screenRows(browser, say)));
    const machine = {
      date: new Date().toISOString().slice(0, 10),
      chromium: browser.version(),
      node: process.versions.node,
      processor: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
    };
    mkdirSync(results, { recursive: true });
    const file = join(results, "client.json");
    writeFileSync(file, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
    const kept = rows.every(({ gate }) => gate === null || isKept(gate));
    return { table: tableOf(rows), kept, file };
  } finally {
    await browser.close();
  }
}

const notBuilt = (what: string, goal: string): Row => ({
  what,
  measured: "not built yet",
  goal,
  gate: null,
});

const LATER: readonly Row[] = [
  notBuilt("file encryption", ">= 0.9x raw AES-GCM"),
  notBuilt("search in 100,000 messages", "p95 <= 30 ms a keystroke"),
];

const loadRows = (): Row[] =>
  sizesUntilUsable().map(({ screen, size, budget }) => ({
    what: `first load until usable: ${screen}`,
    measured: `${(size / 1000).toFixed(1)} kB gz of JavaScript`,
    goal: `<= ${budget / 1000} kB gz`,
    gate: { peer: "its budget", ratio: size / budget, most: 1 },
  }));

async function screenRows(browser: Browser, say: (line: string) => void): Promise<Row[]> {
  const emptyStorage = mkdtempSync(join(tmpdir(), "thyme-empty-"));
  migrateLocal(emptyStorage);
  const server = new LocalServer(await freePort(), await newSecrets(), emptyStorage);
  try {
    await server.start();
    const { practitioner } = await meet(browser, server);
    const filled = await filledStore(practitioner);
    const { page } = practitioner;
    await markListUsable(page);
    say("Starting and scrolling the list ...");
    const list = await listRows(browser, page, filled);
    say("Opening and scrolling the history ...");
    return [...list, ...(await historyRows(browser, page, filled))];
  } finally {
    await server.remove();
    rmSync(emptyStorage, { recursive: true });
  }
}

/** From here on the device has no network: what is measured is the app and its store alone. */
async function filledStore({ page, context }: Person): Promise<Filled> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  // A page of the same origin without the app, which would write meanwhile.
  await page.goto("/icon.svg");
  await context.setOffline(true);
  await page.evaluate(await bundled("fill"));
  const filling = {
    conversations: CONVERSATIONS,
    messages: HISTORY,
    titles: NAMES,
    texts: MESSAGES,
  };
  return page.evaluate((what) => bench.fill(what), filling);
}

import "./globals.ts";
import type { Browser, CDPSession, JSHandle } from "playwright-core";
import { bundled } from "./bundle.ts";
import { emptyPage } from "./empty-page.ts";
import { type Row, median } from "./figures.ts";
import type { CryptoBench } from "./pages/crypto.ts";

const ROUNDS = 7;
const WARM_UP = 1_280;
const COUNT = 2_560;
/** The protocol adds strict encoding (E1: decode, encode again, compare, schema) and judges who may have written this. */
const MOST = 2;

interface Work {
  readonly what: string;
  readonly goalUs: number;
  readonly peer: string;
  readonly ours: "seal" | "open";
  readonly bare: "bareSeal" | "bareOpen";
}

const WORK: readonly Work[] = [
  {
    what: "seal + sign, 200 bytes",
    goalUs: 70,
    peer: "bare hash, HKDF, ChaCha20-Poly1305, WebCrypto sign",
    ours: "seal",
    bare: "bareSeal",
  },
  {
    what: "verify + open, batches of 64",
    goalUs: 45,
    peer: "bare hash, WebCrypto verify, HKDF, ChaCha20-Poly1305",
    ours: "open",
    bare: "bareOpen",
  },
];

/** Microseconds of the page's own thread for each message, beside the primitives over the same bytes. */
export async function cryptoRows(browser: Browser): Promise<Row[]> {
  const { page, close } = await emptyPage(browser, 400, 300);
  await page.addScriptTag({ content: await bundled("crypto") });
  const handle = await page.evaluateHandle(() => bench.prepare());
  if (!(await handle.evaluate(({ isPlatform }) => isPlatform))) {
    throw new RangeError("this Chromium has no strict Ed25519: figures would be of the fallback");
  }
  const session = await page.context().newCDPSession(page);
  // Ticks of the thread, so that other processes on the machine do not count.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const rows: Row[] = [];
  for (const work of WORK) rows.push(await rowOf(session, handle, work));
  await close();
  return rows;
}

async function rowOf(
  session: CDPSession,
  bench: JSHandle<CryptoBench>,
  { what, goalUs, peer, ours, bare }: Work,
): Promise<Row> {
  const run = (name: keyof typeof CALLS, count: number): Promise<void> =>
    bench.evaluate(CALLS[name], count);
  for (const name of [ours, bare]) await run(name, WARM_UP);
  const mine: number[] = [];
  const theirs: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const a = await threadTime(session, () => run(ours, COUNT));
    const b = await threadTime(session, () => run(bare, COUNT));
    mine.push(a);
    theirs.push(b);
    ratios.push(a / b);
  }
  const us = (seconds: readonly number[]): string =>
    `${((median(seconds) / COUNT) * 1e6).toFixed(1)} us`;
  return {
    what,
    measured: `${us(mine)} of the main thread`,
    goal: `<= ${goalUs} us`,
    gate: { peer: `${peer}: ${us(theirs)}`, ratio: median(ratios), most: MOST },
  };
}

/** Each is sent to the page as it stands. */
const CALLS = {
  seal: (bench: CryptoBench, count: number) => bench.seal(count),
  bareSeal: (bench: CryptoBench, count: number) => bench.bareSeal(count),
  open: (bench: CryptoBench, count: number) => bench.open(count),
  bareOpen: (bench: CryptoBench, count: number) => bench.bareOpen(count),
};

/** Seconds that the page's thread worked meanwhile. */
async function threadTime(session: CDPSession, work: () => Promise<void>): Promise<number> {
  const before = await taskSeconds(session);
  await work();
  return (await taskSeconds(session)) - before;
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

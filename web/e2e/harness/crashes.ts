import fc from "fast-check";
import type { Page } from "playwright-core";
import type { Couple } from "./couple.ts";
import { openConversation, worksOffline } from "./journey.ts";
import type { Person } from "./person.ts";
import type { Server } from "./server.ts";

/** Sends in which one crash of the server and one of a tab lie: in 200 at least three of each. */
const BLOCK = 60;

export interface Step {
  readonly text: string;
  readonly author: "practitioner" | "patient";
  /** before the text is written */
  readonly server: "kill" | "start" | null;
  /** the author's tab, before the text is written */
  readonly isTabKilled: boolean;
}

/** Who writes what, and what dies meanwhile; the same for the same seed. */
export function crashPlan(seed: number, sends: number): readonly Step[] {
  const blocks = fc.sample(
    fc.record({
      kill: fc.integer({ min: 5, max: 30 }),
      down: fc.integer({ min: 2, max: 20 }),
      tab: fc.integer({ min: 0, max: 15 }),
    }),
    { seed, numRuns: Math.ceil(sends / BLOCK) },
  );
  return fc.sample(fc.boolean(), { seed, numRuns: sends }).map((isPatient, i) => {
    const { kill, down, tab } = blocks[Math.floor(i / BLOCK)] ?? { kill: -1, down: -1, tab: -1 };
    const at = i % BLOCK;
    const author = isPatient ? "patient" : "practitioner";
    return {
      text: `sent ${i + 1} by ${author}`,
      author,
      server: at === kill ? "kill" : at === kill + down ? "start" : null,
      // Also while the server is away.
      isTabKilled: at === tab || at === kill + 1,
    };
  });
}

/** The system ends the tab's process: no event, no last word. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // Nobody waits for the answer: the process that would give it may be gone.
  session.send("Page.crash").catch(() => undefined);
  await crashed;
  await page.close();
}

/** Writes and waits until the app has it: from its place in the history on it must not be lost. */
export async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.fill(text);
  await composer.press("Enter");
  await page.waitForFunction(
    (sent) =>
      [...document.querySelectorAll("article p")].some(({ textContent }) => textContent === sent),
    text,
    { polling: 5 },
  );
}

/** A tab that was opened again keeps its place in the history, which may be far above what comes last. */
const findsAtEnd = ({ page }: Person, text: string) =>
  page.getByRole("log", { name: "Messages" }).evaluate(async (root, sought) => {
    const deadline = Date.now() + 120_000;
    for (;;) {
      root.scrollTop = root.scrollHeight;
      await new Promise((resolve) => setTimeout(resolve, 50));
      const texts = [...root.querySelectorAll("article p")].map(({ textContent }) => textContent);
      if (texts.includes(sought)) return;
      if (Date.now() > deadline) throw new Error(`${sought} has not arrived`);
    }
  }, text);

async function again(who: Person, title: string | RegExp): Promise<Person> {
  const page = await who.context.newPage();
  await page.goto("/");
  const next = { ...who, page };
  await openConversation(next, title);
  return next;
}

/** Everything is sent as planned; resolves to the tabs that are left, when both have all texts. */
export async function sendThroughCrashes(
  server: Server,
  couple: Couple,
  plan: readonly Step[],
  onSent: (sent: number) => void = () => undefined,
): Promise<Pick<Couple, "practitioner" | "patient">> {
  const titles = { practitioner: "Ana M.", patient: /Herrera/ };
  const people = { practitioner: couple.practitioner, patient: couple.patient };
  for (const who of Object.values(people)) await worksOffline(who);
  let running = Promise.resolve();
  for (const [i, { text, author, server: does, isTabKilled }] of plan.entries()) {
    if (does === "kill") {
      await running;
      await server.kill();
    }
    // What is written in between finds nobody who answers.
    if (does === "start") running = server.start();
    if (isTabKilled) {
      await crash(people[author].page);
      people[author] = await again(people[author], titles[author]);
    }
    await say(people[author].page, text);
    onSent(i + 1);
  }
  await running;
  // The plan may end while it is away.
  if (plan.findLast((step) => step.server !== null)?.server === "kill") await server.start();
  // Each author's texts go out in their order: where this one is, all that were written before it are.
  for (const author of ["practitioner", "patient"] as const) {
    const text = `end of ${author}`;
    await say(people[author].page, text);
    for (const who of Object.values(people)) await findsAtEnd(who, text);
  }
  return people;
}

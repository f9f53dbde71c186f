import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../web/e2e/harness/browser.ts";
import { type Couple, meet } from "../../web/e2e/harness/couple.ts";
import { type Step, crashPlan, sendThroughCrashes } from "../../web/e2e/harness/crashes.ts";
import {
  openConversation,
  reads,
  signInWithCode,
  textsOf,
  write,
} from "../../web/e2e/harness/journey.ts";
import { LocalServer } from "../../web/e2e/harness/local-server.ts";
import { person } from "../../web/e2e/harness/person.ts";
import { newSecrets } from "../local/local-secrets.mjs";
import { freePort, migrateLocal } from "../local/worker-process.mjs";
import { makePass } from "../ops/pass.mjs";
import { attackByFrames } from "./frame-attack.ts";
import { attacker } from "./person-by-http.ts";
import { attackByRequests } from "./request-attack.ts";
import { Tally } from "./tally.ts";

/** Strikes after which the others say something to each other; one seed a round. */
const ROUND = 1_000;
const UNLIMITED = 1_000_000_000;

/** Of this server alone: what is to be seen is not how floods are refused. */
const RAISED = {
  RATE_LIMITS: JSON.stringify({
    device: { burst: UNLIMITED, perSecond: UNLIMITED },
    address: { burst: UNLIMITED, perSecond: UNLIMITED },
  }),
  BUDGETS: JSON.stringify({
    privateBytes: UNLIMITED,
    manifestsADay: UNLIMITED,
    manifestBytesADay: UNLIMITED,
    messageBytesADay: UNLIMITED,
    openInvitations: UNLIMITED,
  }),
};

export interface Amount {
  readonly seed: number;
  readonly sends: number;
  readonly frames: number;
}
type Say = (line: string) => void;
type Two = Pick<Couple, "practitioner" | "patient">;

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(0)} s`;

function orderComplaints(plan: readonly Step[], seen: Readonly<Record<string, string[]>>) {
  const [order = []] = Object.values(seen);
  const wrong = (["practitioner", "patient"] as const).flatMap((author) => {
    const theirs = plan.filter((step) => step.author === author).map(({ text }) => text);
    const found = order.filter((text) => text.endsWith(author));
    const at = theirs.findIndex((text, i) => text !== found[i]);
    if (at < 0 && theirs.length === found.length) return [];
    return [`${author}: ${found.length} of ${theirs.length} texts, other from place ${at} on`];
  });
  for (const [who, texts] of Object.entries(seen)) {
    if (texts.join("\n") !== order.join("\n")) wrong.push(`${who} sees another order`);
  }
  return wrong;
}

async function soakSends(
  { seed, sends }: Amount,
  browser: Browser,
  server: LocalServer,
  couple: Couple,
  say: Say,
): Promise<{ readonly two: Two; readonly wrong: string[] }> {
  const plan = crashPlan(seed, sends);
  const kills = plan.filter((step) => step.server === "kill").length;
  const tabs = plan.filter((step) => step.isTabKilled).length;
  say(`Sending ${sends} messages; the server is killed ${kills} times, tabs ${tabs} times ...`);
  const start = performance.now();
  const two = await sendThroughCrashes(server, couple, plan, (sent) => {
    if (sent % 100 === 0) say(`  ${sent} sent, ${seconds(start)}`);
  });
  const device = await person(browser, server.origin);
  await device.page.goto("/sign-in");
  await signInWithCode(device, couple.patientCode);
  await openConversation(device, /Herrera/);
  const seen = {
    practitioner: await textsOf(two.practitioner, "sent "),
    patient: await textsOf(two.patient, "sent "),
    "a new device": await textsOf(device, "sent "),
  };
  await device.leave();
  const counts = Object.entries(seen).map(([who, texts]) => `${who} ${texts.length}`);
  say(`  of ${sends} texts are there: ${counts.join(", ")}; ${seconds(start)}`);
  return { two, wrong: orderComplaints(plan, seen) };
}

async function soakFrames(
  { seed, frames }: Amount,
  server: LocalServer,
  { practitioner, patient }: Two,
  say: Say,
): Promise<string[]> {
  const pass = makePass({ local: true, persistTo: server.storage }, "administrator", 60_000);
  const who = await attacker(server.origin, pass);
  const [bySocket, byRequest] = [new Tally(), new Tally()];
  say(`Striking with ${frames} frames and requests, half each ...`);
  const start = performance.now();
  for (let sent = 0; sent < frames; sent += ROUND) {
    const half = Math.ceil(Math.min(ROUND, frames - sent) / 2);
    await attackByFrames(server.origin, who, seed + sent, half, bySocket);
    await attackByRequests(server.origin, who, seed + sent, half, byRequest);
    await write(patient, `after ${sent}`);
    await reads(practitioner, `after ${sent}`);
    if ((sent / ROUND) % 10 === 9) say(`  ${sent + ROUND} sent, ${seconds(start)}`);
  }
  say(`  frames: ${bySocket.toString()}`);
  say(`  requests: ${byRequest.toString()}`);
  say(`  ${seconds(start)}; the others went on`);
  return [...bySocket.wrongs, ...byRequest.wrongs];
}

/** Both soaks against one served Worker. Answers what went wrong, a line each. */
export async function soak(amount: Amount, say: Say): Promise<string[]> {
  say(`seed ${amount.seed}; rates and budgets are raised for this server alone`);
  const emptyStorage = mkdtempSync(join(tmpdir(), "thyme-empty-"));
  migrateLocal(emptyStorage);
  const vars = { ...(await newSecrets()), ...RAISED };
  const options = { requestsAMinute: UNLIMITED };
  const server = new LocalServer(await freePort(), vars, emptyStorage, options);
  const browser = await launchBrowser();
  try {
    await server.start();
    const couple = await meet(browser, server);
    const { two, wrong } = await soakSends(amount, browser, server, couple, say);
    wrong.push(...(await soakFrames(amount, server, two, say)));
    if (server.hasFallen) wrong.push("the server ended by itself");
    const logged = server.log.filter((line) => /"level":"error"|Uncaught/.test(line));
    say(wrong.length === 0 && logged.length === 0 ? "Nothing is wrong." : `seed ${amount.seed}`);
    return [...wrong, ...new Set(logged)];
  } finally {
    await browser.close();
    await server.remove();
    rmSync(emptyStorage, { recursive: true });
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isThere } from "../machine/engines.mjs";
import { newSecrets } from "../local/local-secrets.mjs";
import { freePort, migrateLocal } from "../local/worker-process.mjs";
import {
  act,
  becomeAdministrator,
  invite,
  makeAccount,
  openConversation,
  reads,
  write,
} from "../../web/e2e/engines/journey.ts";
import { launchEngine } from "../../web/e2e/engines/launch.ts";
import { Tab, role, text } from "../../web/e2e/engines/tab.ts";
import { ENGINES, type Engine, type EngineName } from "../../web/e2e/engines/wire.ts";
import { launchBrowser } from "../../web/e2e/harness/browser.ts";
import { LocalServer } from "../../web/e2e/harness/local-server.ts";
import { pictures } from "./shoot.ts";

/** WebKit's window is no narrower than 447 px. */
const SIZES = { phone: [460, 800], desk: [1280, 800] } as const;
const SCREENS = ["join", "list", "conversation", "settings"] as const;
const LABELS = ["Ana M.", "José Núñez", "Chloé Dupont", "Katharina von Hohenfels-Langenburg"];
const folder = join(pictures, "engines");

type Screen = (typeof SCREENS)[number];
type Size = keyof typeof SIZES;

const fileOf = (screen: Screen, size: Size, engine: EngineName): string =>
  `${screen}-${size}-${engine}.png`;

/** Takes the same screens in every engine that is here. Returns the pictures that show them side by side. */
export async function lookInEngines(say: (line: string) => void): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const engines = ENGINES.filter(isThere);
  for (const name of engines) {
    say(name);
    await shootEngine(name);
  }
  return sideBySide(engines);
}

async function shootEngine(name: EngineName): Promise<void> {
  const emptyStorage = mkdtempSync(join(tmpdir(), "thyme-empty-"));
  migrateLocal(emptyStorage);
  const server = new LocalServer(await freePort(), await newSecrets(), emptyStorage);
  const engine = await launchEngine(name);
  try {
    await server.start();
    await shootScreens(engine, server);
  } finally {
    await engine.close();
    await server.remove();
    rmSync(emptyStorage, { recursive: true });
  }
}

/** A morning in a practice; each screen is taken when the journey comes by. */
async function shootScreens(engine: Engine, server: LocalServer): Promise<void> {
  const office = await Tab.open(engine, server.origin);
  await becomeAdministrator(office, server.setupToken);
  const toSofia = await invite(office, "Invite practitioner", "Dr. Herrera");
  await office.close();
  const sofia = await Tab.open(engine, server.origin);
  await sofia.goto(toSofia);
  await makeAccount(sofia, "Dr. Herrera");
  let toAna = "";
  for (const label of LABELS) {
    const link = await invite(sofia, "Invite patient", label);
    toAna ||= link;
  }
  const ana = await Tab.open(engine, server.origin);
  await ana.goto(toAna);
  await ana.sees(role("textbox", "Your name"));
  await shoot(ana, "join");
  await makeAccount(ana, "Ana Morales");
  await ana.sees(role("textbox", "Message", { exact: true }));
  await openConversation(sofia, "Ana M.");
  await write(sofia, "Good morning Ana, how is the new breakfast going?");
  await reads(ana, "Good morning Ana, how is the new breakfast going?");
  await write(ana, "Better than I thought. The oats keep me going until noon. 👍");
  await reads(sofia, "Better than I thought. The oats keep me going until noon. 👍");
  await act(sofia, "Better than I thought. The oats keep me going until noon. 👍", "Reply");
  await sofia.sees(text("Reply to Ana Morales"));
  await write(sofia, "Shall we move some protein from lunch to dinner?");
  await reads(ana, "Shall we move some protein from lunch to dinner?");
  await shoot(sofia, "conversation");
  await sofia.goto("/");
  await sofia.sees(role("navigation", "Conversations"));
  await sofia.sees(role("link", "Ana M."));
  await shoot(sofia, "list");
  await sofia.click(role("link", "Settings"));
  await sofia.sees(role("heading", "Appearance"));
  await shoot(sofia, "settings");
}

async function shoot(tab: Tab, screen: Screen): Promise<void> {
  for (const size of ["phone", "desk"] as const) {
    const [width, height] = SIZES[size];
    await tab.resize(width, height);
    await tab.until((wanted: number) => innerWidth === wanted, width);
    // What was resized is drawn after two frames.
    await tab.run(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    writeFileSync(join(folder, fileOf(screen, size, tab.engine)), await tab.screenshot());
  }
}

/** One picture for each screen and size, with a column for each engine. */
async function sideBySide(engines: readonly EngineName[]): Promise<string[]> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 2400, height: 100 } });
    const made: string[] = [];
    for (const screen of SCREENS) {
      for (const size of ["phone", "desk"] as const) {
        const columns = engines.map((engine) => {
          const file = pathToFileURL(join(folder, fileOf(screen, size, engine))).href;
          return `<figure><figcaption>${engine}</figcaption><img src="${file}"></figure>`;
        });
        const sheet = join(folder, `${screen}-${size}.html`);
        writeFileSync(
          sheet,
          `<style>body{display:flex;gap:12px;margin:12px;font:16px sans-serif}figure{margin:0;flex:1}
          img{width:100%;border:1px solid #888}</style>${columns.join("")}`,
        );
        await page.goto(pathToFileURL(sheet).href, { waitUntil: "load" });
        const picture = join(folder, `${screen}-${size}.png`);
        await page.screenshot({ path: picture, fullPage: true });
        made.push(picture);
      }
    }
    return made;
  } finally {
    await browser.close();
  }
}

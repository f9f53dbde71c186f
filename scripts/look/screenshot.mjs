import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIfStale } from "../build/build.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { newSecrets } from "../local/local-secrets.mjs";
import { ensureNode, root } from "../machine/node24.mjs";
import { provideChromium } from "../machine/provide-chromium.mjs";
import { freePort, migrateLocal } from "../local/worker-process.mjs";

ensureInstalled();
await ensureNode();
if (provideChromium() === undefined || !buildIfStale()) process.exit(1);

// Written in TypeScript and in need of the installed packages: loaded only now.
const { LocalServer } = await import("../../web/e2e/harness/local-server.ts");
const { launchBrowser } = await import("../../web/e2e/harness/browser.ts");
const { person } = await import("../../web/e2e/harness/person.ts");
const journey = await import("../../web/e2e/harness/journey.ts");

const emptyStorage = mkdtempSync(join(tmpdir(), "thyme-empty-"));
migrateLocal(emptyStorage);
const server = new LocalServer(await freePort(), await newSecrets(), emptyStorage);
const browser = await launchBrowser();
try {
  await server.start();
  await takePicture();
  console.log("docs/screenshot.png is new.");
} finally {
  await browser.close();
  await server.remove();
  rmSync(emptyStorage, { recursive: true });
}

/** A morning in a practice, written by two people through the real screens. */
async function takePicture() {
  const office = await person(browser, server.origin);
  await journey.becomeAdministrator(office, server.setupToken);
  const toSofia = await journey.invitePractitioner(office, "Sofía Herrera");

  const desk = { viewport: { width: 1280, height: 800 } };
  const sofia = await person(browser, server.origin, { context: desk });
  await journey.acceptInvitation(sofia, toSofia, "Sofía Herrera");
  await writeFirst(sofia, "Lukas B.", "Your blood values look good. The plan stays as it is.");
  await writeFirst(sofia, "Jonas K.", "Good morning Jonas, your plan for the first week is ready.");
  const toAna = await writeFirst(sofia, "Ana M.", "Hello Ana, how is the new breakfast going?");

  const phone = { viewport: { width: 390, height: 844 } };
  const ana = await person(browser, server.origin, { context: phone });
  await journey.acceptInvitation(ana, toAna, "Ana");
  for (const [from, to, text] of /** @type {const} */ ([
    [ana, sofia, "Better than I thought. The oats keep me going until noon."],
    [ana, sofia, "Only the evenings are hard. I get hungry again at ten."],
    [sofia, ana, "Shall we move some protein from lunch to dinner?"],
    [ana, sofia, "Yes, let us try that. Lentils are fine for me in the evening."],
  ])) {
    await journey.write(from, text);
    await journey.reads(to, text);
  }
  await sofia.page.screenshot({ path: join(root, "docs", "screenshot.png") });
}

/**
 * Invites a patient and leaves them a message.
 * @param {import("../../web/e2e/harness/person.ts").Person} practitioner
 * @param {string} label
 * @param {string} text
 */
async function writeFirst(practitioner, label, text) {
  const link = await journey.invitePatient(practitioner, label);
  await journey.openConversation(practitioner, new RegExp(label));
  await journey.write(practitioner, text);
  await journey.reads(practitioner, text);
  return link;
}

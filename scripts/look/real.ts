import type { Browser } from "playwright-core";
import { meet } from "../../web/e2e/harness/couple.ts";
import { invitePatient, openConversation, reads, write } from "../../web/e2e/harness/journey.ts";
import type { Person } from "../../web/e2e/harness/person.ts";
import type { Server } from "../../web/e2e/harness/server.ts";
import { VARIANTS, type Variant, shoot } from "./shoot.ts";

const LABELS = ["Lukas B.", "José Núñez", "Chloé Dupont", "Jonas K.", "María del Carmen F."];
const TALK = [
  "Good morning Ana, how is the new breakfast going?",
  "Better than I thought. The oats keep me going until noon.",
  "Only the evenings are hard. I get hungry again at ten.",
  "Shall we move some protein from lunch to dinner?",
  "Yes, let us try that. Lentils are fine for me in the evening.",
];

/** The app as it is: a real server, a practitioner with patients, one of whom talks from a phone. */
export async function shootRealScreens(browser: Browser, server: Server): Promise<void> {
  const { practitioner, patient } = await meet(browser, server);
  for (const label of LABELS) {
    await invitePatient(practitioner, label);
    await openConversation(practitioner, label);
    await write(practitioner, "Your plan for the first week is ready.");
    await reads(practitioner, "Your plan for the first week is ready.");
  }
  await openConversation(practitioner, /Ana M\./);
  for (const [i, text] of TALK.entries()) {
    const [from, to] = i % 3 === 0 ? [practitioner, patient] : [patient, practitioner];
    await write(from, text);
    await reads(to, text);
  }
  const talk = new URL(practitioner.page.url()).pathname;
  for (const variant of VARIANTS) {
    await shootOf(practitioner, variant, {
      "real-list": "/",
      "real-conversation": talk,
      "real-settings": "/settings",
    });
    await shootOf(patient, variant, { "real-patient": new URL(patient.page.url()).pathname });
  }
}

async function shootOf(
  { page }: Person,
  variant: Variant,
  screens: Readonly<Record<string, string>>,
): Promise<void> {
  const { size, theme, language } = variant;
  const viewport = size === "phone" ? { width: 390, height: 844 } : { width: 1440, height: 900 };
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.evaluate((chosen) => localStorage.setItem("thyme.language", chosen), language);
  for (const [name, path] of Object.entries(screens)) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    if (path.startsWith("/c/")) await page.locator("article").first().waitFor();
    else if (path === "/") await page.locator('a[href^="/c/"]').first().waitFor();
    else await page.locator(".settings .card").first().waitFor();
    await page.waitForTimeout(500);
    await shoot(page, name, variant);
  }
}

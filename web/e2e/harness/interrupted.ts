import type { Page } from "playwright-core";
import type { Person } from "./person.ts";

type Interruption = "reload" | "back" | "discard" | "reopen";
const INTERRUPTIONS: readonly Interruption[] = ["reload", "back", "discard", "reopen"];

/** What becomes of a page that is left half way. */
async function interrupt(page: Page, link: string, how: Interruption): Promise<void> {
  switch (how) {
    case "reload":
      await page.reload();
      return;
    case "back":
      await page.goto("/privacy");
      await page.goBack();
      return;
    // A tab that the system put away is loaded again at its address, which has no secret any more.
    case "discard": {
      const address = page.url();
      await page.goto("about:blank");
      await page.goto(address);
      return;
    }
    case "reopen":
      await page.goto("about:blank");
      await page.goto(link);
      return;
  }
}

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const codeOf = (page: Page) => page.getByRole("textbox", { name: "Recovery code" });

/** Joins by the link and is interrupted in all ways at each step. Returns the recovery code; throws if another is shown. */
export async function joinInterrupted(
  { page }: Person,
  link: string,
  name: string,
  passkey = true,
): Promise<string> {
  await page.goto(link);
  await page.getByRole("textbox", { name: "Your name" }).fill(name);
  await page.getByRole("checkbox", { name: "I have read the privacy notice" }).check();
  await button(page, "Continue").click();
  if (passkey) {
    await button(page, "Create passkey").waitFor();
    for (const how of INTERRUPTIONS) {
      await interrupt(page, link, how);
      await button(page, "Create passkey").waitFor();
    }
    await button(page, "Create passkey").click();
    await button(page, "Confirm passkey").waitFor();
    for (const how of INTERRUPTIONS) {
      await interrupt(page, link, how);
      await button(page, "Confirm passkey").waitFor();
    }
    await button(page, "Confirm passkey").click();
  }
  const code = await codeOf(page).inputValue();
  for (const how of INTERRUPTIONS) {
    await interrupt(page, link, how);
    const now = await codeOf(page).inputValue();
    if (now !== code) throw new Error(`after ${how} another code is shown`);
  }
  await page.getByRole("checkbox", { name: "I have stored my recovery code" }).check();
  await button(page, "Continue").click();
  return code;
}

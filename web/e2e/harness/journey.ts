import type { Page } from "playwright-core";
import type { Person } from "./person.ts";

/** What people do in the app, by roles and accessible names. */

/**
 * Types the name, makes and confirms a passkey, unless the browser knows none, and stores the kit (K10). Returns the
 * recovery code.
 */
export async function makeAccount(
  { page }: Pick<Person, "page">,
  name: string,
  { passkey = true }: { passkey?: boolean } = {},
): Promise<string> {
  await page.getByRole("textbox", { name: "Your name" }).fill(name);
  await page.getByRole("checkbox", { name: "I have read the privacy notice" }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  if (passkey) {
    await page.getByRole("button", { name: "Create passkey" }).click();
    await page.getByRole("button", { name: "Confirm passkey" }).click();
  }
  const code = await page.getByRole("textbox", { name: "Recovery code" }).inputValue();
  await page.getByRole("checkbox", { name: "I have stored my recovery code" }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  return code;
}

export async function becomeAdministrator(
  who: Person,
  setupToken: string,
  name = "Office",
): Promise<string> {
  await who.page.goto(`/setup#${setupToken}`);
  const code = await makeAccount(who, name);
  await who.page.getByRole("button", { name: "Invite practitioner" }).first().waitFor();
  return code;
}

/** Makes an invitation of a practitioner; returns its link. */
export async function invitePractitioner({ page }: Person, publicName: string): Promise<string> {
  await page.getByRole("button", { name: "Invite practitioner" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Invite practitioner" });
  await dialog.getByRole("textbox", { name: "Public name" }).fill(publicName);
  await dialog.getByRole("button", { name: "Create invitation" }).click();
  return dialog.getByRole("textbox", { name: "Invitation link" }).inputValue();
}

/** Makes a conversation with an open invitation; returns its link. The dialog is closed. */
export async function invitePatient({ page }: Person, label: string): Promise<string> {
  await page.getByRole("button", { name: "Invite patient" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Invite patient" });
  await dialog.getByRole("textbox", { name: "Label" }).fill(label);
  await dialog.getByRole("button", { name: "Create invitation" }).click();
  const link = await dialog.getByRole("textbox", { name: "Invitation link" }).inputValue();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  return link;
}

export async function acceptInvitation(
  who: Person,
  link: string,
  name: string,
  options: { passkey?: boolean } = {},
): Promise<string> {
  await who.page.goto(link);
  return makeAccount(who, name, options);
}

/** From the list, unless the app opened in it by itself: a patient's only conversation. */
export async function openConversation({ page }: Person, title: string | RegExp): Promise<void> {
  const link = page
    .getByRole("navigation", { name: "Conversations" })
    .getByRole("link", { name: title });
  const heading = page.getByRole("heading", { level: 1, name: title });
  const composer = page.getByRole("textbox", { name: "Message" });
  await link.or(composer).first().waitFor();
  if (!(await heading.isVisible())) await link.click();
  await composer.waitFor();
}

/** K13: from the screen that asks for it, with the recovery code. */
export async function signInWithCode({ page }: Person, code: string): Promise<void> {
  await page.getByRole("button", { name: "Use recovery code" }).click();
  await page.getByRole("textbox", { name: "Recovery code" }).fill(code);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Resolves when the service worker has the whole build and answers this page: from then on it works offline. */
export async function worksOffline({ page }: Person): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

export async function write({ page }: Person, text: string): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

const log = (page: Page) => page.getByRole("log", { name: "Messages" });

/** Resolves when the conversation on screen shows this text no more. */
export const readsNoMore = ({ page }: Person, text: string): Promise<void> =>
  log(page).getByText(text).first().waitFor({ state: "detached" });

/** Resolves when the conversation on screen shows this text. */
export const reads = ({ page }: Person, text: string): Promise<void> =>
  log(page).getByText(text, { exact: true }).first().waitFor({ timeout: 20_000 });

/**
 * The texts of the conversation on screen that start with `prefix`, from its beginning to its end. The document holds
 * what is in sight and a little more, so this scrolls as a reader would, upwards, and back to the end.
 */
export const textsOf = ({ page }: Person, prefix: string): Promise<string[]> =>
  log(page).evaluate(
    async (root, { start, beginning }) => {
      const known = new Map<string, string>();
      const rows = () => [...root.querySelectorAll<HTMLElement>("article[data-id]")];
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

      /** Rows come a frame or more after the scrolling: until then a part of the log is blank. */
      const isBlank = (): boolean => {
        if (root.scrollHeight <= root.clientHeight) return false;
        const { top, bottom } = root.getBoundingClientRect();
        const edges = rows().map((row) => row.getBoundingClientRect());
        const covers = (from: number, to: number): boolean =>
          edges.some((row) => row.top < to && row.bottom > from);
        return !covers(top, top + 300) || !covers(bottom - 300, bottom);
      };
      const drawn = async (): Promise<void> => {
        await frame();
        await frame();
        for (let frames = 0; isBlank() && frames < 30; frames += 1) await frame();
      };
      const look = (): number => {
        const before = known.size;
        const here = rows().map(
          (row) => [row.dataset["id"] ?? "", row.querySelector("p")?.textContent ?? ""] as const,
        );
        const all = [...here.filter(([id]) => !known.has(id)), ...known];
        known.clear();
        for (const [id, text] of all) known.set(id, text);
        return known.size - before;
      };
      const toEnd = async (): Promise<void> => {
        for (let still = 0, frames = 0; still < 3 && frames < 60; frames += 1) {
          const was = root.scrollTop;
          root.scrollTop = root.scrollHeight;
          await frame();
          still = root.scrollTop === was && !isBlank() ? still + 1 : 0;
        }
      };

      await toEnd();
      look();
      // Where older messages cannot be had, nothing says that there are none.
      for (let still = 0; still < 20; ) {
        root.scrollTop -= root.clientHeight * 0.7;
        await drawn();
        still = look() === 0 && root.scrollTop <= 0 ? still + 1 : 0;
        if (still >= 2 && root.textContent.includes(beginning)) break;
      }
      await toEnd();
      return [...known.values()].filter((text) => text.startsWith(start));
    },
    { start: prefix, beginning: "This is the start of the conversation" },
  );

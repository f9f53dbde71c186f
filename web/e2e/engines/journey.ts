import { type Place, type Tab, role, text, within } from "./tab.ts";

/** What people do in the app, in any engine: the steps of harness/journey.ts that need no passkey. */

const log = role("log", "Messages");
const composer = role("textbox", "Message", { exact: true });

/** WebKitGTK has none: there the app must not speak of them. */
const knowsPasskeys = (tab: Tab): Promise<boolean> =>
  tab.run(() => typeof globalThis.PublicKeyCredential === "function");

/** Types the name, goes on without a passkey and stores the kit. Returns the recovery code. */
export async function makeAccount(tab: Tab, name: string): Promise<string> {
  await tab.fill(role("textbox", "Your name"), name);
  await tab.click(role("checkbox", "I have read the privacy notice"));
  await tab.click(role("button", "Continue"));
  if (await knowsPasskeys(tab)) await tab.click(role("button", "Continue without passkey"));
  await tab.sees(role("textbox", "Recovery code"));
  const code = await tab.value(role("textbox", "Recovery code"));
  await tab.click(role("checkbox", "I have stored my recovery code"));
  await tab.click(role("button", "Continue"));
  return code;
}

/** Opens the one-time link of the installation. */
export async function becomeAdministrator(tab: Tab, setupToken: string): Promise<void> {
  await tab.goto(`/setup#${setupToken}`);
  await makeAccount(tab, "Office");
  await tab.sees(role("button", "Invite practitioner"));
}

/** The link for somebody new, made in the dialog of this name; the dialog is closed again. */
export async function invite(
  tab: Tab,
  whom: "Invite practitioner" | "Invite patient",
  name: string,
): Promise<string> {
  const dialog = role("dialog", whom);
  await tab.click(`${role("button", whom)} >> nth=0`);
  const field = whom === "Invite patient" ? "Label" : "Public name";
  await tab.fill(within(dialog, role("textbox", field)), name);
  await tab.click(within(dialog, role("button", "Create invitation")));
  const link = within(dialog, role("textbox", "Invitation link"));
  await tab.sees(link);
  const address = await tab.value(link);
  await tab.press("Escape");
  await tab.seesNoMore(dialog);
  return address;
}

/** From the list, unless the app opened in it by itself. */
export async function openConversation(tab: Tab, title: string): Promise<void> {
  await tab.click(within(role("navigation", "Conversations"), role("link", title)));
  await tab.sees(composer);
}

/** Writes it with the keyboard; Enter sends it. */
export async function write(tab: Tab, message: string): Promise<void> {
  await tab.fill(composer, message);
  await tab.press("Enter");
  await tab.until(() => document.querySelector("textarea")?.value === "");
}

/** Resolves when the conversation on screen shows this text. */
export const reads = (tab: Tab, message: string): Promise<void> =>
  tab.sees(within(log, text(message)));

/** Resolves when the conversation on screen shows this text no more. */
export const readsNoMore = (tab: Tab, message: string): Promise<void> =>
  tab.seesNoMore(within(log, text(message)));

/** Every text on screen that begins like this, from above to below. */
export const textsOf = async (tab: Tab, prefix: string): Promise<string[]> =>
  (await tab.texts(within(log, "css=article p"))).filter((found) => found.startsWith(prefix));

/** The message that says this; a quote of it is no paragraph. */
const messageWith = (message: string): Place =>
  `${within(log, role("article"))} >> internal:has=${JSON.stringify(`css=p >> ${text(message)}`)} >> nth=-1`;

/** Chooses from the menu of a message, by its button. */
export async function act(tab: Tab, message: string, action: string): Promise<void> {
  await tab.hover(messageWith(message));
  await tab.click(within(messageWith(message), role("button", "Message actions")));
  await tab.click(role("menuitem", action));
}

/** Writes a message of one's own anew, and saves it with Enter. */
export async function edit(tab: Tab, before: string, after: string): Promise<void> {
  await act(tab, before, "Edit");
  const box = role("textbox", "Edit message");
  await tab.holds(box, before);
  await tab.fill(box, after);
  await tab.press("Enter");
}

/** From the screen that asks for it. */
export async function signInWithCode(tab: Tab, code: string): Promise<void> {
  await tab.goto("/");
  if (await knowsPasskeys(tab)) await tab.click(role("button", "Use recovery code"));
  await tab.fill(role("textbox", "Recovery code"), code);
  await tab.click(role("button", "Sign in", { exact: true }));
}

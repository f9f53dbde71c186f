/** The log of a conversation with its message actions, for browser tests. Never part of the product. */
import { h } from "preact";
import { page, userEvent } from "vitest/browser";
import type { Delivery, TimelineItem } from "../../app/timeline.ts";
import type { MessageItem } from "../message/blocks.ts";
import { ConversationScreen } from "../conversation/conversation-screen.tsx";
import { forgetComposerTargets } from "../composer/composer-target.ts";
import { forgetComposers } from "../composer/composer-state.ts";
import {
  details,
  type Fakes,
  fakeModels,
  message,
  practitioner,
  summary,
  timeline,
} from "../fake-models.test-kit.ts";
import { still } from "../log/log.test-kit.tsx";
import { mount, settled } from "../mount.test-kit.ts";
import { chooseShortcuts } from "../state/shortcuts.ts";
import { C1, messageNamed } from "../../app/ids.test-kit.ts";
import "../styles/two-panes.css";

export const SENT: Delivery = { state: "sent" };
export const HOUR = 60 * 60_000;
const start = Date.now() - HOUR;

/** A message with what a test changes of it. */
export const said = (
  seq: number | null,
  text: string,
  delivery: Delivery | null = null,
  change: Partial<MessageItem> = {},
): TimelineItem => ({
  ...(message(seq, start + (seq ?? 50) * 60_000, text, delivery) as MessageItem),
  ...change,
});

export const composerBox = () => page.getByRole("textbox", { name: "Message" });

/** A message by the name of its id. */
export const article = (name: string) =>
  document.querySelector<HTMLElement>(`article[data-id="${messageNamed(name)}"]`) as HTMLElement;

export const menuNames = () =>
  [...document.querySelectorAll("[role=menuitem]")].map((item) => item.textContent);

export const choose = (name: string) => page.getByRole("menuitem", { name }).click();

/** The menu of a message, opened as a keyboard does. */
export async function menuOf(name: string): Promise<void> {
  article(name).focus();
  await userEvent.keyboard("{Enter}");
  await page.getByRole("menu", { name: "Message actions" }).findElement();
}

/** Three messages, the second one an own one, on screen with all that can be done with them. */
export async function showLog() {
  forgetComposers();
  forgetComposerTargets();
  chooseShortcuts(true);
  await page.viewport(800, 600);
  const fakes: Fakes = fakeModels({ me: practitioner });
  const show = async (items: readonly TimelineItem[]): Promise<void> => {
    fakes.timeline.value = timeline(items);
    await still();
  };
  fakes.list.value = [summary("c1", "Ana Morales")];
  fakes.details.value = details();
  fakes.timeline.value = timeline([
    said(1, "Good morning"),
    said(2, "Half the oats", SENT),
    said(3, "Thank you"),
  ]);
  const screen = h(ConversationScreen, { id: C1 });
  const pane = h("div", { class: "main-pane", style: { gridColumn: "1 / -1" } }, screen);
  await mount(fakes.models, h("div", { class: "two-panes", style: { blockSize: "600px" } }, pane));
  // They come in a chunk of their own, after the messages; their status comes with them.
  for (let tries = 0; document.querySelectorAll(".log-frame > output").length < 2; tries += 1) {
    if (tries > 500) throw new Error("the message actions did not come");
    await settled();
  }
  await still();
  const calls = (name: string) =>
    fakes.calls.filter(([known]) => known === name).map(([, argument]) => argument);
  return { fakes, show, calls };
}

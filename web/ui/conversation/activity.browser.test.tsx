import { afterEach, expect, test } from "vitest";
import type { Activity } from "../../app/attention-view.ts";
import {
  details,
  fakeModels,
  message,
  practitioner,
  summary,
  timeline,
} from "../fake-models.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { PreferencesSection } from "../settings/preferences-section.tsx";
import { ConversationScreen } from "./conversation-screen.tsx";
import { C1 } from "../../app/ids.test-kit.ts";

afterEach(unmount);

const HOUR = 3_600_000;
const nobody: Activity = { typing: [], online: false, lastSeen: null };

async function show(activity: Activity | null) {
  const fakes = fakeModels({ me: practitioner });
  fakes.list.value = [summary("c1", "Ana Morales")];
  fakes.details.value = details();
  fakes.timeline.value = timeline([message(1, Date.now(), "Hello")]);
  fakes.activity.value = activity;
  await mount(fakes.models, <ConversationScreen id={C1} />);
  await settled();
  return fakes;
}

const line = (): HTMLElement => {
  const found = document.querySelector<HTMLElement>(".standing-line");
  if (!found) throw new Error("no line");
  return found;
};
const said = (): string | null | undefined => line().querySelector('[role="status"]')?.textContent;
const top = () => document.querySelector(".log")?.getBoundingClientRect().top;

test("typing is a status of its own that is there before it has anything to say", async () => {
  const fakes = await show(null);
  expect(said()).toBe("");
  const before = top();
  fakes.activity.value = { ...nobody, typing: ["Ana"], online: true };
  await settled();
  expect(said()).toBe("Ana is typing");
  expect(line().textContent).not.toContain("Online");
  fakes.activity.value = { ...nobody, typing: ["Ana", "Eva"] };
  await settled();
  expect(said()).toBe("Ana and Eva are typing");
  fakes.activity.value = { ...nobody, online: true };
  await settled();
  expect(said()).toBe("");
  expect(line().textContent).toContain("Online");
  expect(top()).toBe(before);
});

test("last seen says the day as people do, and nothing where nobody told", async () => {
  const fakes = await show({ ...nobody, lastSeen: new Date().setHours(0, 5, 0, 0) });
  expect(line().textContent).toMatch(/Last seen today at/);
  fakes.activity.value = { ...nobody, lastSeen: new Date().setHours(0, 5, 0, 0) - HOUR };
  await settled();
  expect(line().textContent).toMatch(/Last seen yesterday at/);
  fakes.activity.value = nobody;
  await settled();
  expect(line().textContent).not.toMatch(/Last seen|Online/);
});

test("writing is told at each key-press, and that it is over when the box is empty or sent", async () => {
  const fakes = await show(nobody);
  const box = document.querySelector("textarea");
  if (!box) throw new Error("no box");
  const type = (value: string) => {
    box.value = value;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const told = () => fakes.calls.filter(([name]) => name === "typing").map(([, on]) => on);
  type("So");
  type("");
  type("Soup");
  expect(told()).toEqual([true, false, true]);
  await settled();
  box.form?.requestSubmit();
  await settled();
  expect(told()).toEqual([true, false, true, false]);
});

test("M10 a read message has a sign of its own shape, and says when", async () => {
  const fakes = await show(nobody);
  const at = new Date().setHours(14, 5, 0, 0);
  fakes.timeline.value = timeline([
    message(2, at - HOUR, "delivered", { state: "delivered" }),
    message(3, at - HOUR, "read", { state: "read", at }),
    message(4, at - HOUR, "read some time", { state: "read", at: null }),
    message(5, at - 26 * HOUR, "read a day later", { state: "read", at }),
  ]);
  await settled();
  const signs = [...document.querySelectorAll<HTMLElement>(".delivery")];
  const words = signs.map(({ title }) => title.replace(/\u202f/g, " "));
  expect(words[0]).toBe("Delivered");
  expect(words[1]).toMatch(/^Read at (14:05|2:05 PM)$/);
  expect(words[2]).toBe("Read");
  expect(words[3]).toMatch(/^Read today at /);
  expect(signs.map(({ textContent }) => textContent)).toEqual(signs.map(({ title }) => title));
  expect(signs[0]?.querySelector("svg")?.innerHTML).not.toBe(
    signs[1]?.querySelector("svg")?.innerHTML,
  );
});

test("the switches say what they do, and two of them at once both count", async () => {
  const fakes = fakeModels({ me: practitioner });
  await mount(fakes.models, <PreferencesSection />);
  const switches = [...document.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
  expect(switches.map(({ labels }) => labels?.[0]?.textContent)).toEqual([
    "Read receipts",
    "Typing",
    "Online and last seen",
  ]);
  for (const { ariaDescribedByElements } of switches) {
    expect(ariaDescribedByElements?.[0]?.textContent?.length).toBeGreaterThan(30);
  }
  switches[0]?.click();
  switches[2]?.click();
  await settled();
  expect(fakes.preferences.value).toEqual({ receipts: false, typing: true, presence: false });
  expect(switches.map(({ checked }) => checked)).toEqual([false, true, false]);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ConversationUp } from "../../../../workers/protocol/frames.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { DEFAULT_PREFERENCES } from "../../../core/private-state/preferences.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import type { Activity } from "../../attention-view.ts";
import { type OpenActivity, createActivity } from "./activity.ts";
import { type Tab, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";

const { room, server } = await newTalk("activity");
const { owner, patient, together } = room;
const switches = { ...DEFAULT_PREFERENCES };
let tab: Tab;
let activity: OpenActivity;
let now = 0;
let sent: ConversationUp[] = [];
let shown: Activity[] = [];

beforeEach(async () => {
  const joined = new Server();
  joined.entries = server.entries.slice(0, 2);
  tab = await openTab(owner, together.id, { server: joined, people: [patient] });
  // Who is a member is known from the bundles alone.
  await tab.catchUp.newer(tab.id);
  now = 1_000_000;
  sent = [];
  shown = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  activity = createActivity({
    deps: { ...tab.deps, now: () => now },
    me: tab.me,
    library: tab.library,
    preferences: { current: () => switches },
    say(_, frame) {
      sent.push(frame);
      return true;
    },
    emit: (_, what) => void shown.push(what),
  });
  activity.opened(tab.id);
});

afterEach(async () => {
  activity.close();
  vi.useRealTimers();
  Object.assign(switches, DEFAULT_PREFERENCES);
  await forgetDevice();
});

/** Real time passes in IndexedDB only. */
const until = async (check: () => void): Promise<void> => {
  for (let tries = 0; ; tries++) {
    await tab.record();
    try {
      return check();
    } catch (error) {
      if (tries > 50) throw error;
    }
  }
};
const newest = () => shown.at(-1);

test("typing ends by itself, with a message, and with the socket", async () => {
  activity.welcomed([]);
  activity.heard(patient.account, "typing", true);
  await until(() => expect(newest()?.typing).toHaveLength(1));
  vi.advanceTimersByTime(5_900);
  activity.heard(patient.account, "typing", true);
  vi.advanceTimersByTime(5_900);
  await until(() => expect(newest()?.typing).toHaveLength(1));
  vi.advanceTimersByTime(200);
  await until(() => expect(newest()?.typing).toEqual([]));
  const ends = [
    () => activity.arrived(patient.account),
    () => activity.heard(patient.account, "presence", false),
    () => activity.lost(),
  ];
  for (const end of ends) {
    activity.heard(patient.account, "typing", true);
    await until(() => expect(newest()?.typing).toHaveLength(1));
    end();
    await until(() => expect(newest()?.typing).toEqual([]));
  }
});

test("typing is told at most every three seconds while it lasts, and its end once", () => {
  activity.welcomed([]);
  const told = () => sent.flatMap((frame) => (frame.t === "typing" ? [frame.on] : []));
  for (let i = 0; i < 40; i++) {
    activity.typing(true);
    now += 100;
  }
  expect(told()).toEqual([true, true]);
  activity.typing(false);
  activity.typing(false);
  expect(told()).toEqual([true, true, false]);
});

test("before the socket is live, and with the switches off, nothing is told", () => {
  activity.visible(true);
  activity.typing(true);
  expect(sent).toEqual([]);
  Object.assign(switches, { typing: false, presence: false });
  activity.welcomed([]);
  activity.typing(true);
  activity.visible(false);
  activity.visible(true);
  vi.advanceTimersByTime(10 * 60_000);
  expect(sent).toEqual([]);
});

test("presence is told while the page is in sight, again each minute, and taken back when it is switched off", () => {
  activity.visible(true);
  activity.welcomed([]);
  vi.advanceTimersByTime(61_000);
  switches.presence = false;
  activity.refresh();
  vi.advanceTimersByTime(120_000);
  expect(sent).toEqual([
    { t: "presence", on: true },
    { t: "presence", on: true },
    { t: "presence", on: false },
  ]);
});

test("who is here is here until they go, are not heard of in time, or the socket is lost; then last seen", async () => {
  activity.welcomed([patient.account]);
  await until(() => expect(newest()?.online).toBe(true));
  activity.heard(patient.account, "presence", false);
  await until(() => expect(newest()).toMatchObject({ online: false, lastSeen: now }));
  for (const end of [() => vi.advanceTimersByTime(LIMITS.presenceMs), () => activity.lost()]) {
    activity.heard(patient.account, "presence", true);
    await until(() => expect(newest()?.online).toBe(true));
    now += 60_000;
    end();
    await until(() => expect(newest()).toMatchObject({ online: false, lastSeen: now }));
  }
  // Kept on this device.
  expect(Object.values((await tab.record()).seen)).toEqual([now]);
});

test("with the switch off nobody is shown, whatever is heard", async () => {
  Object.assign(switches, { typing: false, presence: false });
  activity.welcomed([patient.account]);
  activity.heard(patient.account, "typing", true);
  await until(() => expect(newest()).toEqual({ typing: [], online: false, lastSeen: null }));
  switches.presence = true;
  activity.refresh();
  await until(() => expect(newest()?.online).toBe(true));
});

test("the own account's other devices are nobody else", async () => {
  activity.welcomed([]);
  activity.heard(owner.account, "presence", true);
  activity.heard(owner.account, "typing", true);
  activity.heard(patient.account, "typing", true);
  await until(() => expect(newest()).toMatchObject({ online: false }));
  await until(() => expect(newest()?.typing).toHaveLength(1));
});

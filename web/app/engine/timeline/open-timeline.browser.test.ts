import { afterEach, expect, test } from "vitest";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type TimelineUpdate, updatedTimeline } from "../../timeline-update.ts";
import type { Timeline } from "../../timeline.ts";
import { type Served, type Tab, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { type OpenTimeline, openTimeline } from "./open-timeline.ts";
import { readingPlaceHandlers } from "../reading/reading-place.ts";
import { type MessageRecord, messageRecord } from "../store/records.ts";
import { changeKept } from "../conversation/keep.ts";
import type { Store } from "../store/store.ts";

const { room, server } = await newTalk("engine history");
const { owner, patient, together } = room;
const MINUTE = 60_000;
const opened: OpenTimeline[] = [];

afterEach(async () => {
  for (const timeline of opened.splice(0)) timeline.close();
  await forgetDevice();
});

const row = (seq: number, text = `text ${seq}`): MessageRecord => ({
  type: "message",
  at: seq * MINUTE,
  account: patient.account,
  device: patient.device.id,
  deviceSeq: seq,
  messageId: new Uint8Array(16).fill(seq % 256).with(0, seq >> 8),
  digest: new Uint8Array(32),
  prev: null,
  missingBefore: false,
  body: { kind: "text", text },
});

async function put(tab: Tab, seqs: readonly number[], text?: string): Promise<void> {
  await tab.deps.store.write(["messages"], async (writer) => {
    for (const seq of seqs)
      await writer.put("messages", [tab.id, seq], messageRecord, row(seq, text));
  });
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

interface Options {
  readonly from?: number;
  readonly to: number;
  readonly readSeq?: number;
  readonly served?: Served;
}

/** A tab that holds these messages and has the conversation on screen; what the page has, and what it cost. */
async function show({ from = 1, to, readSeq = to, served }: Options) {
  const tab = await openTab(owner, together.id, served ?? { server: new Server(), people: [] });
  await put(tab, range(from, to));
  const level = { oldest: from, cursor: to, readSeq, unread: to - readSeq };
  await changeKept(tab.deps.store, tab.id, (kept) => ({ ...kept, ...level }));
  const cost = { rows: 0, items: 0, updates: 0 };
  const store: Store = {
    ...tab.deps.store,
    async readAll(name, schema, span, limit) {
      const entries = await tab.deps.store.readAll(name, schema, span, limit);
      if (name === "messages") cost.rows += entries.length;
      return entries;
    },
  };
  let page: Timeline | null = null;
  const emit = (update: TimelineUpdate | null): void => {
    cost.updates += 1;
    for (const run of update?.runs ?? []) if ("items" in run) cost.items += run.items.length;
    page = update && updatedTimeline(page, structuredClone(update));
  };
  const { library, outbox, catchUp, me } = tab;
  const around = {
    deps: { ...tab.deps, store },
    me,
    library,
    outbox,
    catchUp,
    emit,
    receipts: () => true,
  };
  const timeline = openTimeline(around, tab.id);
  opened.push(timeline);
  await timeline.show();
  return {
    tab,
    timeline,
    page(): Timeline {
      if (!page) throw new RangeError("nothing shown");
      return page;
    },
    texts(): string[] {
      const items: Timeline["items"] = page?.items ?? [];
      return items.map((item) => (item.kind === "message" ? item.text : item.kind));
    },
    async cost(work: () => Promise<unknown>) {
      Object.assign(cost, { rows: 0, items: 0, updates: 0 });
      await work();
      return { ...cost };
    },
  };
}

test("opening reads the last page alone, and says that there is more", async () => {
  const here = await show({ to: 1_000 });
  expect(here.texts().at(-1)).toBe("text 1000");
  expect(here.texts().length).toBe(60);
  expect(here.page()).toMatchObject({ older: "available", newer: "none" });
});

test("a write to one row reads one row again and sends one item", async () => {
  const here = await show({ to: 500 });
  const edited = await here.cost(async () => {
    await put(here.tab, [480], "edited");
    await here.timeline.show();
  });
  expect(edited).toEqual({ rows: 1, items: 1, updates: 1 });
  expect(here.texts()).toContain("edited");
  const arrived = await here.cost(async () => {
    await put(here.tab, [501]);
    await here.timeline.show();
  });
  expect(arrived).toEqual({ rows: 1, items: 1, updates: 1 });
  expect(await here.cost(() => here.timeline.show())).toEqual({ rows: 0, items: 0, updates: 0 });
});

test("what another tab wrote is read when it says so", async () => {
  const here = await show({ to: 100 });
  const elsewhere = await openTab(owner, together.id, { server: new Server(), people: [] });
  await put(elsewhere, [90], "from another tab");
  elsewhere.close();
  here.timeline.forget();
  await here.timeline.show();
  expect(here.texts()).toContain("from another tab");
});

test("the stretch goes to the beginning and back to the end, each row read once on the way up", async () => {
  const here = await show({ to: 1_000 });
  const up = await here.cost(async () => {
    for (let step = 0; step < 12; step += 1) await here.timeline.older();
  });
  expect(here.texts()[0]).toBe("text 1");
  expect(here.page()).toMatchObject({ older: "none", newer: "available" });
  expect(here.texts().length).toBeLessThanOrEqual(480);
  expect(up.rows).toBe(940);
  for (let step = 0; step < 12; step += 1) await here.timeline.newer();
  expect(here.texts().at(-1)).toBe("text 1000");
  expect(here.page()).toMatchObject({ older: "available", newer: "none" });
});

test("a place or a date far from the end is shown with what surrounds it, and the newest again", async () => {
  const here = await show({ to: 2_000 });
  await here.timeline.at(700);
  expect(here.page().reveal).toMatchObject({ seq: 700, as: "found" });
  expect(here.texts()).toContain("text 700");
  expect(here.texts().length).toBe(121);
  await here.timeline.since(300 * MINUTE - 1);
  expect(here.page().reveal).toMatchObject({ seq: 300, as: "day" });
  expect(here.texts()).toContain("text 300");
  await here.timeline.newest();
  expect(here.texts().at(-1)).toBe("text 2000");
  expect(here.page().reveal).toBe(null);
});

test("unread messages open at their divider, else the place where the reader left off", async () => {
  const unread = await show({ to: 900, readSeq: 400 });
  expect(unread.page()).toMatchObject({ newFrom: 401, newer: "available" });
  expect(unread.texts()).toContain("text 400");
  unread.timeline.close();
  await forgetDevice();

  const { tab } = await show({ to: 900 });
  const { keepPlace } = readingPlaceHandlers(tab.deps.store, () => true);
  await keepPlace({ conversation: tab.id, place: { seq: 200, top: -12 } });
  const again = await show({ to: 900 });
  expect(again.page().reveal).toMatchObject({ seq: 200, top: -12, as: "kept" });
  expect(again.texts()).toContain("text 200");
  await keepPlace({ conversation: tab.id, place: null });
  expect((await show({ to: 900 })).texts().at(-1)).toBe("text 900");
});

test("K13 what is quoted but not stored is fetched backwards, with its share of the way", async () => {
  const served = { server, people: [patient], pageSize: 1 };
  const tab = await openTab(owner, together.id, served);
  await tab.catchUp.newer(tab.id);
  const { cursor } = await tab.record();
  expect(cursor).toBeGreaterThan(4);
  await forgetDevice();

  const here = await openTab(owner, together.id, served);
  const items = served.server.page(owner.account);
  const tail = items.filter((item) => "bundle" in item || item.seq === cursor);
  await here.receiver.tail(here.id, tail, cursor);
  const shares: (number | null)[] = [];
  const texts: string[] = [];
  const timeline = openTimeline(
    {
      ...here,
      receipts: () => true,
      emit(update) {
        if (update) shares.push(update.seeking);
        for (const run of update?.runs ?? []) {
          if (!("items" in run)) continue;
          for (const item of run.items) if (item.kind === "message") texts.push(item.text);
        }
      },
    },
    here.id,
  );
  opened.push(timeline);
  await timeline.show();
  expect(texts).not.toContain("one");
  await timeline.at(3);
  expect(texts).toContain("one");
  expect(shares.some((share) => share !== null && share > 0 && share < 1)).toBe(true);
  expect(shares.at(-1)).toBe(null);
});

test("a message that gets its place while the history is read is on screen all the time, and once", async () => {
  const here = await show({ to: 3 });
  const { tab, timeline, page } = here;
  const mine = () =>
    page().items.filter((item) => item.kind === "message" && item.text === "mine").length;
  await tab.outbox.add(tab.id, { kind: "text", text: "mine" });
  await timeline.show();
  expect(mine()).toBe(1);
  const [waiting] = await tab.outbox.entries(tab.id);
  const { order, entry } = waiting!;
  const placed = Object.assign(row(4, "mine"), { messageId: entry.messageId });
  const shown = timeline.show();
  // While it reads what is kept of the conversation: the rows are in memory then, and the outbox is read after this.
  for (let ticks = 0; ticks < 4; ticks += 1) await Promise.resolve();
  const taken = tab.deps.store.write(["outbox", "messages"], async (writer) => {
    await writer.delete("outbox", [tab.id, order]);
    await writer.put("messages", [tab.id, 4], messageRecord, placed);
  });
  await shown;
  expect(mine()).toBe(1);
  await taken;
  await timeline.show();
  expect(mine()).toBe(1);
});

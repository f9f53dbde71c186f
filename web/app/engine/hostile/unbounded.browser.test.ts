import { afterEach, expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { send, write } from "../../../core/messages/room.test-kit.ts";
import { EMPTY_PLACES } from "../../../core/sync/places.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { changeKept } from "../conversation/keep.ts";
import { type Route, type Served, type Tab, logOf, openTab, tailOf } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import type { Feed, FromFed } from "./fed-worker.test-kit.ts";

const talk = await newTalk("engine without bounds");
const { room } = talk;
const { owner, patient, together } = room;
const FAR = 2 ** 40;
const HONEST = ["create", "join", "one", "two", "three"];
const unbounded = { code: "unbounded" };

function serve(more: Partial<Served> = {}) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  return { server, people: [patient], ...more } satisfies Served;
}
const tab = (served: Served): Promise<Tab> => openTab(owner, together.id, served);
const textOf = (item: LogItem): string => toBase64url(encodeCbor(item));
/** Envelopes moved so far along the log. */
const moved = (items: readonly LogItem[], by: number): LogItem[] =>
  items.map((item) => ("envelope" in item ? { ...item, seq: item.seq + by } : item));

afterEach(forgetDevice);

/** A page of places, as the real server counts them: dense, whatever is left at them. */
function densePages(items: () => readonly LogItem[], lastSeq: () => number) {
  let asked = 0;
  const log: Route = (_, { after, before }) => {
    asked += 1;
    if (asked > 20_000) throw new Error("asked for ever");
    const [from, to] =
      after === undefined
        ? [Number(before) - LIMITS.itemsPerPage, Number(before) - 1]
        : [Number(after) + 1, Number(after) + LIMITS.itemsPerPage];
    const page = items().filter(({ seq }) => seq >= from && seq <= to);
    const more = after === undefined ? from > 1 : to < lastSeq();
    return { items: page.map(textOf), more };
  };
  return { log, asked: () => asked };
}

test("K13, M6 a tail that begins at 2^40, or ends there, is refused and leaves nothing; an honest one comes", async () => {
  for (const by of ["items", "end", "none"] as const) {
    const served = serve();
    const honest = tailOf(owner, served);
    const items = logOf(served, owner);
    const state = { head: { n: 1, hash: new Uint8Array(32) }, lastSeq: 5, deviceSeq: 0 };
    const shown = {
      items: { ...honest, items: moved(items, FAR).map(textOf) },
      end: {
        ...honest,
        stateCbor: toBase64url(
          encodeCbor({ ...state, lastSeq: Number.MAX_SAFE_INTEGER, received: [], receipts: [] }),
        ),
      },
      none: honest,
    }[by];
    const here = await tab({ ...served, routes: { tails: () => ({ tails: [shown], left: [] }) } });
    const taken = here.catchUp.tails([here.id]);
    if (by === "none") await taken;
    else await expect(taken).rejects.toMatchObject(unbounded);
    expect(await here.shown()).toEqual(by === "none" ? HONEST : []);
    expect((await here.record()).cursor).toBe(by === "none" ? 5 : 0);
    await forgetDevice();
  }
});

test("K13 the tail of a long conversation comes, whatever it leaves out", async () => {
  const served = serve();
  const items = moved(logOf(served, owner), 90_000);
  const honest = tailOf(owner, served);
  const state = { head: { n: 1, hash: new Uint8Array(32) }, lastSeq: 90_007, deviceSeq: 0 };
  const tail = {
    ...honest,
    items: items.map(textOf),
    stateCbor: toBase64url(encodeCbor({ ...state, received: [], receipts: [] })),
  };
  const here = await tab({ ...served, routes: { tails: () => ({ tails: [tail], left: [] }) } });
  await here.catchUp.tails([here.id]);
  expect(await here.shown()).toEqual(HONEST);
  expect(await here.record()).toMatchObject({ oldest: 90_003, cursor: 90_007 });
});

test("K13 a tail of a conversation that nobody asked for is refused, and keeps no other back", async () => {
  const served = serve();
  const honest = tailOf(owner, served);
  const other = { ...honest, conversation: "A".repeat(43) };
  const here = await tab({
    ...served,
    routes: { tails: () => ({ tails: [other, honest], left: [] }) },
  });
  await expect(here.catchUp.tails([here.id])).rejects.toMatchObject(unbounded);
  expect(await here.shown()).toEqual(HONEST);
});

test("M6 a page that starts at 2^40 is refused, forwards and backwards, and an honest one then comes", async () => {
  let by = FAR;
  const served = serve();
  const log: Route = (_, { after = 0 }) => {
    const items = moved(logOf(served, owner), by).filter(({ seq }) => seq > Number(after));
    return { items: items.map(textOf), more: items.length > 0 };
  };
  const here = await tab({ ...served, routes: { log } });
  await expect(here.catchUp.newer(here.id)).rejects.toMatchObject(unbounded);
  await changeKept(here.deps.store, here.id, (kept) => ({ ...kept, oldest: 3, cursor: 3 }));
  await expect(here.catchUp.older(here.id)).rejects.toMatchObject(unbounded);
  expect(await here.shown()).toEqual([]);
  await changeKept(here.deps.store, here.id, (kept) => ({ ...kept, oldest: 1, cursor: 0 }));
  by = 0;
  await here.catchUp.newer(here.id);
  expect(await here.shown()).toEqual(HONEST);
});

test("M6 a server that always says that there is more, and brings nothing, is asked for as much as can have been emptied", async () => {
  const served = serve();
  const pages = densePages(
    () => [],
    () => Number.MAX_SAFE_INTEGER,
  );
  const here = await tab({ ...served, routes: { log: pages.log } });
  await here.catchUp.learn(here.id, { lastSeq: Number.MAX_SAFE_INTEGER, received: [] } as never);
  await expect(here.catchUp.newer(here.id)).rejects.toMatchObject(unbounded);
  expect(pages.asked()).toBe(Math.floor(EMPTY_PLACES / LIMITS.itemsPerPage) + 1);
});

test("M5 a log of which ninety thousand places in a row were emptied comes whole", async () => {
  const served = serve();
  const four = write(room, patient, "four", talk.messages[2] ?? null);
  const last = { seq: 90_000, at: 9, envelope: await send(room, patient, four) };
  const pages = densePages(
    () => [...logOf(served, owner), last],
    () => last.seq,
  );
  const here = await tab({ ...served, routes: { log: pages.log } });
  await here.catchUp.learn(here.id, { lastSeq: last.seq, received: [] } as never);
  await here.catchUp.newer(here.id);
  expect(await here.shown()).toEqual([...HONEST, "four"]);
  expect((await here.record()).cursor).toBe(last.seq);
});

test("M6 what lies before 2^40 is read back by what is stored, not place by place", async () => {
  const served = serve();
  const here = await tab(served);
  const items = logOf(served, owner);
  // As an older version of the app may have stored it.
  await here.receiver.tail(here.id, moved(items, FAR), FAR + 5);
  expect(await here.record()).toMatchObject({ oldest: FAR + 3, cursor: FAR + 5 });
  await here.receiver.backward(here.id, [], 3);
  expect(await here.record()).toMatchObject({ oldest: 3, blocked: null });
});

test("M6 what was said to be read of places that no log has does not count when they come", async () => {
  const here = await tab(serve());
  await here.catchUp.learn(here.id, { lastSeq: Number.MAX_SAFE_INTEGER, received: [] } as never);
  expect((await here.record()).lastSeq).toBeLessThanOrEqual(2 * EMPTY_PLACES);
  await here.catchUp.newer(here.id);
  expect(await here.record()).toMatchObject({ cursor: 5, unread: 3 });
});

/** Feeds a worker, and asks it for a sign of life all the while. */
async function feed(how: Omit<Feed, "type">): Promise<{ answers: number; rows: number }> {
  const worker = new Worker(new URL("./fed-worker.test-kit.ts", import.meta.url), {
    type: "module",
  });
  let answers = 0;
  let isFeeding = false;
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      worker.addEventListener("message", ({ data }: MessageEvent<FromFed>) => {
        switch (data.type) {
          case "ready":
            isFeeding = true;
            worker.postMessage({ type: "feed", ...how });
            worker.postMessage({ type: "ping" });
            return;
          case "pong":
            if (!isFeeding) return;
            answers += 1;
            worker.postMessage({ type: "ping" });
            return;
          case "fed":
            return resolve({ answers, rows: data.rows });
        }
      });
    });
  } finally {
    worker.terminate();
  }
}

test("E1 a worker answers throughout while one long answer is verified", async () => {
  const items = 10 * LIMITS.itemsPerPage;
  const { answers, rows } = await feed({ pages: 10, by: "one answer", paused: true });
  expect(rows).toBe(items);
  // One answer in each slice of work: several for each page.
  expect(answers).toBeGreaterThan(20);
  // Without the pauses it answers nothing before the end (positive control).
  const silent = await feed({ pages: 10, by: "one answer", paused: false });
  expect(silent.rows).toBe(items);
  expect(silent.answers).toBeLessThan(5);
});

test("E1 the engine in a worker answers throughout while a server feeds it page after page", async () => {
  const { answers, rows } = await feed({ pages: 10, by: "pages", paused: true });
  expect(rows).toBe(10 * LIMITS.itemsPerPage);
  expect(answers).toBeGreaterThan(20);
});

import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import type { ConversationState, LogItem } from "../../../../workers/protocol/frames.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { C1 } from "../../ids.test-kit.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept, keptOf } from "../conversation/keep.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { createLibrary } from "../conversation/library.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { createCatchUp } from "./catch-up.ts";
import type { Receiver } from "./receive.ts";

const owner = new Uint8Array(32).fill(1);
const NOW = 7;
const PAGE = LIMITS.itemsPerPage;
const FORK = { kind: "proof" as const, code: "fork" as const };

interface Page {
  readonly seqs: readonly number[];
  readonly more: boolean;
}
type Query = { readonly after?: number; readonly before?: number };

/** A device that keeps this of a conversation, at a server whose log is answered so. */
async function device(
  change: Partial<KeptConversation> | null,
  log: (query: Query) => Page = () => ({ seqs: [], more: false }),
  most = 20,
) {
  const store = memoryStore();
  const fresh = newConversation({ title: "Ana", owner, createdAt: 1 });
  if (change) {
    const kept = { ...fresh, ...change };
    await store.write(CONVERSATION_STORES, (writer) => beginKeptIn(writer, C1, kept));
  }
  const asked: string[] = [];
  /** for each time that placeholders were tried again: whether nothing else waits */
  const again: boolean[] = [];
  const set = (next: Partial<KeptConversation>) =>
    changeKept(store, C1, (kept) => ({ ...kept, ...next }));
  const state = {
    isStuck: false,
    /** what a page backwards shows of this device's own numbers */
    own: 0,
    tails: () => ({ tails: [] as object[], left: [C1] }),
  };
  const call = (name: string, { query = {} }: { query?: Query }) => {
    if (asked.length > most) throw new Error("asked for ever");
    if (name === "log") {
      asked.push(query.after === undefined ? `before ${query.before}` : `after ${query.after}`);
      const { seqs, more } = log(query);
      const envelope = new Uint8Array(1);
      const items = seqs.map((seq): LogItem => ({ seq, at: 1, envelope }));
      return Promise.resolve({ items: items.map((item) => toBase64url(encodeCbor(item))), more });
    }
    asked.push(name);
    return Promise.resolve(name === "tails" ? state.tails() : { frames: [] });
  };
  const receiver: Receiver = {
    async forward(_, items) {
      if (!state.isStuck) await set({ cursor: items.at(-1)?.seq ?? 0 });
      return "stored";
    },
    async backward(_, items, from = 1) {
      if (!state.isStuck) {
        const oldest = items[0]?.seq ?? from;
        await set({ oldest, own: { deviceSeq: state.own, digest: null } });
      }
    },
    tail: () => Promise.resolve("stored"),
    again: (_, __, isWhole) => Promise.resolve(void again.push(isWhole)),
    retract: () => Promise.resolve(false),
  };
  const deps = { store, api: { call }, now: () => NOW } as unknown as Deps;
  const library = createLibrary(deps);
  const none = () => Promise.resolve();
  return {
    catchUp: createCatchUp(
      deps,
      library,
      receiver,
      () => undefined,
      none,
      () => undefined,
    ),
    receiver,
    asked,
    again,
    set,
    state,
    now: () => keptOf(store, C1),
  };
}

test("nothing is asked of what is not kept, or of a conversation that stopped", async () => {
  for (const change of [null, { blocked: FORK, missed: [{ from: 2, to: 3 }] }]) {
    const { catchUp, asked, again } = await device(change);
    await catchUp.newer(C1);
    if (!change) await catchUp.older(C1);
    await catchUp.askAgain(C1);
    expect([asked, again]).toEqual([[], []]);
  }
});

test("C5, M6 where nothing is wanted, missed or waited for, nothing is tried again", async () => {
  const calm = await device({});
  await calm.catchUp.askAgain(C1);
  expect([calm.asked, calm.again]).toEqual([[], []]);
  const waiting = await device({ retryable: 1 });
  await waiting.catchUp.askAgain(C1);
  expect(waiting.again).toEqual([false]);
});

test("C5 what is wanted has come only where all that the server showed could be stored", async () => {
  const wanting = { blocked: { kind: "want" as const, code: "bundle" as const, since: 1 } };
  const page = (): Page => ({ seqs: [1, 2], more: false });
  const stored = await device(wanting, page);
  await stored.catchUp.askAgain(C1);
  expect(stored.again).toEqual([true]);
  const stuck = await device(wanting, page);
  stuck.state.isStuck = true;
  await stuck.catchUp.askAgain(C1);
  expect(stuck.again).toEqual([false]);
});

test("the log is read page by page to its end, and said to be received once", async () => {
  const { catchUp, asked } = await device({ lastSeq: 4 }, ({ after = 0 }) => ({
    seqs: [after + 1, after + 2],
    more: after < 2,
  }));
  await catchUp.newer(C1);
  expect(asked).toEqual(["after 0", "after 2", "frames"]);
});

test("M5 a page of which everything was deleted is passed, as far as the log is known to go", async () => {
  const last = 3 * PAGE;
  const { catchUp, asked } = await device({ lastSeq: last }, () => ({ seqs: [], more: true }));
  await catchUp.newer(C1);
  expect(asked).toEqual([0, PAGE, 2 * PAGE, last].map((after) => `after ${after}`));
  const ended = await device({ lastSeq: last });
  await ended.catchUp.newer(C1);
  expect(ended.asked).toEqual(["after 0"]);
});

test("a server whose pages bring nothing further is not asked for ever", async () => {
  const { catchUp, asked, state } = await device({ lastSeq: 9 }, () => ({ seqs: [1], more: true }));
  state.isStuck = true;
  await catchUp.newer(C1);
  expect(asked).toEqual(["after 0"]);
});

test("backwards nothing is asked once the beginning is here", async () => {
  const { catchUp, asked, now } = await device({ oldest: 9 }, () => ({ seqs: [1], more: false }));
  await catchUp.older(C1);
  await catchUp.older(C1);
  expect([asked, (await now())?.oldest]).toEqual([["before 9"], 1]);
});

test("K13 a server that leaves all tails that were asked for is not asked again", async () => {
  const { catchUp, asked, state } = await device({});
  await expect(catchUp.tails([C1])).rejects.toThrow("internal");
  expect(asked).toEqual(["tails"]);
  let times = 0;
  state.tails = () => ({ tails: [], left: times++ === 0 ? [C1] : [] });
  await catchUp.tails([C1, C1]);
  expect(asked).toHaveLength(3);
});

/** While the own chain is sought: what the server says of this device and of the end of the log. */
const seeking = (change: Partial<KeptConversation> = {}) => ({
  ownChain: "sought" as const,
  cursor: 9,
  oldest: 9,
  ...change,
});
const shown = (deviceSeq: number, lastSeq = 9): ConversationState => ({
  head: { n: 0, hash: owner },
  lastSeq,
  deviceSeq,
  received: [],
  receipts: [],
});
const baseline = (ownChain: "sought" | "kept") => ({
  record: { cursor: 9, own: { deviceSeq: 0, digest: null }, ownChain },
  chain: EMPTY_CHAIN,
  waiting: 0,
});

async function seek(
  change: Partial<KeptConversation>,
  state: ConversationState,
  found: number,
  log: (query: Query) => Page = ({ before = 0, after = 0 }) =>
    before > 1 ? { seqs: [before - 1], more: true } : { seqs: [after + 1], more: false },
) {
  const here = await device(change, log);
  here.state.own = found;
  await here.catchUp.judge(C1, baseline("sought"), state);
  const kept = await here.now();
  return { asked: here.asked, chain: kept?.ownChain, blocked: kept?.blocked ?? null };
}

test("M6 the own chain is read back to the newest number that the server has of it", async () => {
  expect(await seek(seeking(), shown(3), 3)).toEqual({
    asked: ["before 9"],
    chain: "found",
    blocked: null,
  });
  expect(await seek(seeking(), shown(0), 0)).toMatchObject({ asked: [], chain: "found" });
});

test("M6 what is nowhere in the log to its beginning is wanted of it: nobody signed that it is not there", async () => {
  const { asked, chain, blocked } = await seek(seeking({ oldest: 3 }), shown(3), 0);
  const want = { kind: "want", code: "log", since: NOW };
  expect([asked, chain, blocked]).toEqual([["before 3", "before 2"], "sought", want]);
  const nothing = await seek(seeking(), shown(3), 0, () => ({ seqs: [], more: true }));
  expect(nothing).toMatchObject({ asked: ["before 9"], blocked: want });
});

test("M6 the end of the log is read first, and without it nothing is decided", async () => {
  const { asked } = await seek(seeking(), shown(3, 10), 3);
  expect(asked).toEqual(["after 9", "frames", "before 9"]);
  const held = await seek(seeking(), shown(3, 10), 3, () => ({ seqs: [], more: false }));
  expect(held).toEqual({ asked: ["after 9"], chain: "sought", blocked: null });
});

test("M6 what another tab found meanwhile is not looked for any more", async () => {
  const it = await device(seeking(), ({ after = 0 }) => ({ seqs: [after + 1], more: false }));
  const { forward } = it.receiver;
  it.receiver.forward = async (...given) => {
    await it.set({ ownChain: "found" });
    return forward(...given);
  };
  await it.catchUp.judge(C1, baseline("sought"), shown(3, 10));
  expect([it.asked, (await it.now())?.blocked]).toEqual([["after 9", "frames"], null]);
});

test("M6 how far back a server's numbers go, one contact reads ten thousand pages", {
  timeout: 30_000,
}, async () => {
  const far = 1_000_000_000;
  const page = ({ before = 0 }: Query): Page => ({ seqs: [before - 1], more: true });
  const it = await device(seeking({ oldest: far }), page, 10_000);
  await it.catchUp.judge(C1, baseline("sought"), shown(3));
  expect(it.asked).toHaveLength(10_000);
  expect(await it.now()).toMatchObject({
    ownChain: "sought",
    blocked: null,
    oldest: far - 10_000,
  });
});

test("M6 nothing is sought where nothing is lost, before the first look, or once sending stopped", async () => {
  for (const change of [
    seeking({ cursor: 0 }),
    seeking({ blocked: FORK }),
    { ...seeking(), ownChain: "kept" as const },
  ]) {
    const { asked, blocked } = await seek(change, shown(3), 0);
    expect([asked, blocked]).toEqual([[], change.blocked ?? null]);
  }
  const none = await device(null);
  await none.catchUp.judge(C1, baseline("sought"), shown(3));
  expect(none.asked).toEqual([]);
});

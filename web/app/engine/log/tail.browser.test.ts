import { afterEach, describe, expect, test } from "vitest";
import { send, write } from "../../../core/messages/room.test-kit.ts";
import { flipped } from "../../../core/people.test-kit.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Served, type Tab, logOf, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";

const talk = await newTalk("engine tails");
const { room, sealed } = talk;
const { owner, patient, together } = room;

function serve(change: (server: Server) => void = () => undefined, more: Partial<Served> = {}) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  change(server);
  return { server, people: [patient], pageSize: 2, ...more } satisfies Served;
}

const tab = (served: Served): Promise<Tab> => openTab(owner, together.id, served);

/** K13: every bundle and the newest envelopes, as the server gives a tail. */
async function takeTail(here: Tab, served: Served, envelopes: number) {
  const items = logOf(served, owner);
  const newest = items.filter((item) => "envelope" in item).slice(-envelopes);
  const tail = items.filter((item) => "bundle" in item || newest.includes(item));
  return here.receiver.tail(here.id, tail, items.at(-1)?.seq ?? 0);
}

afterEach(forgetDevice);

const HONEST = ["create", "join", "one", "two", "three"];

describe("K13 a tail, then what is older", () => {
  test("K13, A5 the tail is usable at once, and pages backward reach the beginning", async () => {
    const served = serve();
    const here = await tab(served);
    expect(await takeTail(here, served, 1)).toBe("stored");
    expect(await here.shown()).toEqual(["create", "join", "three"]);
    expect(await here.record()).toMatchObject({ oldest: 5, cursor: 5, head: 1, unread: 1 });
    await here.catchUp.older(here.id);
    expect((await here.record()).oldest).toBe(3);
    await here.catchUp.older(here.id);
    expect(await here.shown()).toEqual(HONEST);
    expect(await here.record()).toMatchObject({ oldest: 1, cursor: 5, blocked: null });
    await here.catchUp.older(here.id);
    expect(await here.shown()).toEqual(HONEST);
  });

  test("K13 a tail for a conversation that is held already changes nothing", async () => {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    const before = await here.record();
    await takeTail(here, served, 1);
    expect(await here.record()).toEqual(before);
  });

  test("A5 what comes after a tail goes on from it", async () => {
    const served = serve();
    const here = await tab(served);
    await takeTail(here, served, 1);
    const four = write(room, patient, "four", talk.messages[2] ?? null);
    served.server.envelope(await send(room, patient, four));
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual(["create", "join", "three", "four"]);
  });
});

describe("M6 within a tail", () => {
  test("M6 a replay is shown once, a hole is said", async () => {
    const served = serve(({ entries }) => {
      const one = entries[2];
      if (one) entries.push(one);
    });
    const here = await tab(served);
    await takeTail(here, served, 9);
    expect(await here.shown()).toEqual(HONEST);
    expect(await here.record()).toMatchObject({ cursor: 6, unread: 3, blocked: null });
  });

  test("M6 a hole in a tail is said", async () => {
    const served = serve(undefined, { holes: new Set([4]) });
    const here = await tab(served);
    await takeTail(here, served, 9);
    expect(await here.shown()).toEqual(["create", "join", "one", "?three"]);
  });

  test("M6, C5 a fork in a tail stops the conversation", async () => {
    const twin = await send(room, patient, write(room, patient, "not one"));
    const served = serve((server) => server.envelope(twin));
    const here = await tab(served);
    expect(await takeTail(here, served, 9)).toBe("blocked");
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "fork" });
  });
});

describe("M6 backwards", () => {
  const tailThen = async (served: Served, envelopes = 1) => {
    const here = await tab(served);
    await takeTail(here, served, envelopes);
    for (let page = 0; page < 4; page++) await here.catchUp.older(here.id);
    return here;
  };

  test("M6 a message that is hidden from older pages is said to be missing", async () => {
    const here = await tailThen(serve(undefined, { holes: new Set([4]) }));
    expect(await here.shown()).toEqual(["create", "join", "one", "?three"]);
  });

  test("M6 with all history here, a chain that does not begin with 1 misses its beginning", async () => {
    const here = await tailThen(serve(undefined, { holes: new Set([3]) }));
    expect(await here.shown()).toEqual(["create", "join", "?two", "three"]);
    expect((await here.record()).oldest).toBe(1);
  });

  test("M6 another message in an older place is a fork, a replay in one is shown once", async () => {
    const other = write(room, patient, "not two", talk.messages[0] ?? null);
    const twin = await send(room, patient, other);
    const forked = await tailThen(
      serve(({ entries }) => entries.splice(3, 1, { at: 3, envelope: twin })),
    );
    expect((await forked.record()).blocked).toEqual({ kind: "proof", code: "fork" });
    await forgetDevice();
    const three = sealed[2] ?? new Uint8Array();
    const replayed = await tailThen(
      serve(({ entries }) => entries.splice(3, 0, { at: 3, envelope: three })),
    );
    expect(await replayed.shown()).toEqual(HONEST);
    expect((await replayed.record()).blocked).toBeNull();
  });

  test("M6 an older message of this device, which began only with the tail: cloned", async () => {
    const mine = await send(room, owner, write(room, owner, "never written"));
    const here = await tailThen(
      serve(({ entries }) => entries.splice(3, 0, { at: 3, envelope: mine })),
    );
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "cloned" });
  });

  test("C5 unsigned bytes at a bundle's old place stop nothing and count for nothing; the true page comes later", async () => {
    const served = serve();
    const here = await tab(served);
    await takeTail(here, served, 1);
    const items = logOf(served, owner).map((item) =>
      "bundle" in item && item.seq === 2
        ? { ...item, bundle: { ...item.bundle, core: flipped(item.bundle.core, 200) } }
        : item,
    );
    await here.receiver.backward(here.id, items.slice(0, 4));
    expect(await here.record()).toMatchObject({
      blocked: null,
      oldest: 5,
      failures: [{ kind: "bundle" }],
    });
    await here.receiver.backward(here.id, logOf(served, owner).slice(0, 4));
    expect(await here.shown()).toEqual(HONEST);
  });
});

import { afterEach, describe, expect, test } from "vitest";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { send, write, writeContent } from "../../../core/messages/room.test-kit.ts";
import { flipped } from "../../../core/people.test-kit.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { baselineOf } from "../log/baseline.ts";
import { type Served, type Tab, logOf, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";

const talk = await newTalk("stored history");
const { room, messages, sealed } = talk;
const { owner, patient, together } = room;

function serve(...more: Uint8Array[]) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  for (const one of more) server.envelope(one);
  const served: Served = { server, people: [patient] };
  return served;
}
const tab = (served: Served): Promise<Tab> => openTab(owner, together.id, served);

afterEach(forgetDevice);

const HONEST = ["create", "join", "one", "two", "three"];
const FORK = { kind: "proof", code: "fork" };
const four = write(room, patient, "four", messages[2] ?? null);
const fourth = await send(room, patient, four);

/** An own message with its number, on its way. */
async function writeOwn(here: Tab, text: string) {
  await here.outbox.add(here.id, { kind: "text", text });
  const ready = (await here.outbox.assign(here.id, 9)).at(-1);
  if (!ready) throw new RangeError("nothing to send");
  const envelope = await send(room, owner, ready.message);
  const taken = (seq: number) => here.outbox.taken(here.id, [{ order: ready.order, seq, at: seq }]);
  return { envelope, taken };
}

describe("M6 an acknowledgement overwrites nothing", () => {
  test("M6 of the next place, and of one further on (control)", async () => {
    for (const seq of [6, 9]) {
      const here = await tab(serve());
      await here.catchUp.newer(here.id);
      const { taken } = await writeOwn(here, "mine");
      expect(await taken(seq)).toBe(true);
      expect(await here.shown()).toEqual([...HONEST, "mine"]);
      expect(await here.record()).toMatchObject({ blocked: null, outbox: [] });
      await forgetDevice();
    }
  });

  test("M6 that names the place of a peer's message, or of a bundle, is a fork", async () => {
    for (const seq of [2, 4]) {
      const here = await tab(serve());
      await here.catchUp.newer(here.id);
      const { taken } = await writeOwn(here, "mine");
      await taken(seq);
      expect(await here.shown()).toEqual(HONEST);
      expect(await here.record()).toMatchObject({ blocked: FORK });
      expect(await here.outbox.entries(here.id)).toHaveLength(1);
      await forgetDevice();
    }
  });

  test("M6 of an empty place that all of the log leaves empty is a fork; while it is not all here, it waits", async () => {
    const here = await tab({ ...serve(), holes: new Set([4]) });
    await here.catchUp.newer(here.id);
    const { taken } = await writeOwn(here, "mine");
    await here.catchUp.learnReceived(here.id, patient.account, 1);
    const state = { received: [], receipts: [], deviceSeq: 0, lastSeq: 8 };
    await here.catchUp.learn(here.id, { ...state, head: { n: 1, hash: new Uint8Array(32) } });
    expect(await taken(4)).toBe(false);
    expect(await here.record()).toMatchObject({ blocked: null });
    await forgetDevice();
    const all = await tab({ ...serve(), holes: new Set([4]) });
    await all.catchUp.newer(all.id);
    const again = await writeOwn(all, "mine");
    await again.taken(4);
    expect(await all.record()).toMatchObject({ blocked: FORK });
    expect(await all.shown()).toEqual(["create", "join", "one", "?three"]);
  });

  test("M5, M6 of an empty place that a verified deletion names is none", async () => {
    const here = await tab(serve());
    const target = { device: owner.device.id, deviceSeq: 1, digest: new Uint8Array(32), seq: 4 };
    const served: Served = {
      ...serve(
        await send(
          room,
          patient,
          writeContent(room, patient, { kind: "deletion", target }, messages[2] ?? null),
        ),
      ),
      holes: new Set([4]),
    };
    const other = await tab(served);
    await other.catchUp.newer(other.id);
    const { taken } = await writeOwn(other, "mine");
    expect(await taken(4)).toBe(true);
    expect((await other.record()).blocked).toBeNull();
    expect(here.id).toBe(other.id);
  });

  test("M6 places that do not rise with this device's numbers are a fork", async () => {
    for (const second of [6, 8]) {
      const here = await tab(serve());
      await here.catchUp.newer(here.id);
      const one = await writeOwn(here, "mine");
      await one.taken(7);
      const two = await writeOwn(here, "and more");
      await two.taken(second);
      expect((await here.record()).blocked).toEqual(second === 6 ? FORK : null);
      await forgetDevice();
    }
  });
});

describe("M6 what stands at a place stays", () => {
  const at = (seq: number, envelope: Uint8Array): LogItem => ({ seq, at: seq, envelope });

  test("M6 a second item with a join's place: unsigned it is nothing, signed it is a fork; the notice stays", async () => {
    for (const [envelope, blocked] of [
      [flipped(fourth, fourth.length - 1), null],
      [fourth, FORK],
    ] as const) {
      for (const by of ["page", "tail", "older"] as const) {
        const served = serve();
        served.tampers = (items) => [...items.slice(0, 2), at(2, envelope), ...items.slice(2)];
        const here = await tab(served);
        const items = logOf(served, owner);
        if (by === "page") await here.receiver.forward(here.id, items, "page");
        if (by === "tail") await here.receiver.tail(here.id, items, 5);
        if (by === "older") {
          const tail = items.filter((item) => "bundle" in item || item.seq === 5);
          await here.receiver.tail(here.id, tail, 5);
          await here.receiver.backward(here.id, items.slice(0, 5));
        }
        expect((await here.shown()).slice(0, 2)).toEqual(["create", "join"]);
        expect((await here.record()).blocked).toEqual(blocked);
        await forgetDevice();
      }
    }
  });

  test("M6 another message of another place for one that is stored is a fork, the same again is nothing", async () => {
    for (const [envelope, blocked] of [
      [sealed[2]!, null],
      [fourth, FORK],
    ] as const) {
      const served = serve();
      const here = await tab(served);
      await here.catchUp.newer(here.id);
      served.server.entries.push({ at: 6, envelope: fourth });
      served.tampers = (items) => [...items.slice(0, 5), at(6, sealed[2]!), at(6, envelope)];
      await here.receiver.forward(here.id, logOf(served, owner), "page");
      expect(await here.shown()).toEqual(blocked ? [...HONEST, "four"] : HONEST);
      await forgetDevice();
    }
  });

  test("M6 an own message is shown once, however often and wherever it comes; one never written is proof", async () => {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    const { envelope, taken } = await writeOwn(here, "mine");
    await taken(6);
    served.server.envelope(envelope);
    served.server.envelope(envelope);
    served.server.envelope(fourth);
    served.server.envelope(envelope);
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual([...HONEST, "mine", "four"]);
    expect(await here.record()).toMatchObject({ blocked: null, cursor: 9 });
    const never = await send(room, owner, write(room, owner, "never written"));
    await here.receiver.forward(here.id, [at(10, never)], "live");
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "cloned" });
  });
});

describe("M6 what is missing is asked for at each contact", () => {
  test("M6 a message that was withheld once comes to its place, and nothing is missing any more", async () => {
    const served = serve(fourth);
    const here = await tab(served);
    served.tampers = (items) => items.filter(({ seq }) => seq !== 4 && seq !== 5);
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual(["create", "join", "one", "?four"]);
    expect(await here.record()).toMatchObject({ missed: [{ from: 4, to: 5 }], unread: 2 });
    await here.catchUp.askAgain(here.id);
    expect(await here.shown()).toEqual(["create", "join", "one", "?four"]);
    served.tampers = (items) => items.filter(({ seq }) => seq !== 4);
    await here.catchUp.askAgain(here.id);
    expect(await here.shown()).toEqual(["create", "join", "one", "?three", "four"]);
    served.tampers = undefined;
    await here.catchUp.askAgain(here.id);
    expect(await here.shown()).toEqual([...HONEST, "four"]);
    expect(await here.record()).toMatchObject({ missed: [], unread: 4, blocked: null });
  });

  test("M6 another message at the withheld place than its neighbours lead to is a fork", async () => {
    const twin = await send(room, patient, write(room, patient, "not two", messages[0] ?? null));
    const served = serve();
    const here = await tab(served);
    served.tampers = (items) => items.filter(({ seq }) => seq !== 4);
    await here.catchUp.newer(here.id);
    served.tampers = (items) =>
      items.map((item) => (item.seq === 4 ? { seq: 4, at: 4, envelope: twin } : item));
    await here.catchUp.askAgain(here.id);
    expect((await here.record()).blocked).toEqual(FORK);
    expect(await here.shown()).toEqual(["create", "join", "one", "?three"]);
  });

  test("M6 an own message that was never written, at the withheld place, is proof of a copied device", async () => {
    const never = await send(room, owner, write(room, owner, "never written"));
    const served = serve();
    const here = await tab(served);
    served.tampers = (items) => items.filter(({ seq }) => seq !== 4);
    await here.catchUp.newer(here.id);
    served.tampers = (items) =>
      items.map((item) => (item.seq === 4 ? { seq: 4, at: 4, envelope: never } : item));
    await here.catchUp.askAgain(here.id);
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "cloned" });
  });

  test("M6, M9 a message that was altered on its way gives its place to the true one; that it came is told", async () => {
    const served = serve();
    const here = await tab(served);
    served.tampers = (items) =>
      items.map((item) =>
        "envelope" in item && item.seq === 4
          ? { ...item, envelope: flipped(item.envelope, item.envelope.length - 1) }
          : item,
      );
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual(["create", "join", "one", "bad_signature", "?three"]);
    served.tampers = undefined;
    await here.catchUp.askAgain(here.id);
    expect(await here.shown()).toEqual(HONEST);
    expect(await here.record()).toMatchObject({ missed: [], failures: [{ kind: "message" }] });
  });

  test("M9 what was injected at the end of the log gives way to what comes there, live or after a hello", async () => {
    const garbage: LogItem = { seq: 6, at: 6, envelope: new Uint8Array([1, 2, 3]) };
    for (const by of ["live", "hello"] as const) {
      const served = serve();
      const here = await tab(served);
      await here.catchUp.newer(here.id);
      await here.receiver.forward(here.id, [garbage], "live");
      expect(await here.shown()).toEqual([...HONEST, "malformed"]);
      if (by === "hello") {
        const baseline = (await baselineOf(here.deps, here.library, here.id))!;
        const head = { n: 1, hash: room.joined.checked.hash };
        const state = { head, lastSeq: 5, deviceSeq: 0, received: [], receipts: [] };
        expect(await here.catchUp.judge(here.id, baseline, state)).toBe(true);
        expect(await here.record()).toMatchObject({ cursor: 5, missed: [], blocked: null });
        expect(await here.shown()).toEqual(HONEST);
      }
      await here.receiver.forward(here.id, [{ seq: 6, at: 6, envelope: fourth }], "live");
      expect(await here.shown()).toEqual([...HONEST, "four"]);
      expect(await here.record()).toMatchObject({ cursor: 6, missed: [], unread: 4 });
      await forgetDevice();
    }
  });

  test("M6 a hello never takes back what somebody signed", async () => {
    const here = await tab(serve());
    await here.catchUp.newer(here.id);
    const baseline = (await baselineOf(here.deps, here.library, here.id))!;
    const head = { n: 1, hash: room.joined.checked.hash };
    const state = { head, lastSeq: 3, deviceSeq: 0, received: [], receipts: [] };
    expect(await here.catchUp.judge(here.id, baseline, state)).toBe(false);
    expect(await here.shown()).toEqual(HONEST);
  });

  test("M5, M6 a place that a deletion names is not asked for again", async () => {
    const { deviceSeq, digest } = messages[1]!;
    const target = { device: patient.device.id, deviceSeq, digest, seq: 4 };
    const deletion = writeContent(room, patient, { kind: "deletion", target }, messages[2] ?? null);
    let asked = 0;
    const served: Served = {
      ...serve(await send(room, patient, deletion)),
      holes: new Set([4]),
      asked: (name) => {
        if (name === "log") asked += 1;
      },
    };
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    await here.catchUp.askAgain(here.id);
    expect((await here.record()).missed).toEqual([]);
    asked = 0;
    await here.catchUp.askAgain(here.id);
    expect(asked).toBe(0);
  });

  test("M6 a contact asks for a bounded number of pages, however far the log jumps", async () => {
    let asked = 0;
    const served: Served = {
      ...serve(fourth),
      asked: (name) => {
        if (name === "log") asked += 1;
      },
    };
    const here = await tab(served);
    const FAR = 2 ** 40;
    served.tampers = (items) =>
      items.map((item) => (item.seq === 6 ? { ...item, seq: FAR } : item));
    await expect(here.catchUp.newer(here.id)).rejects.toMatchObject({ code: "unbounded" });
    await here.receiver.forward(here.id, logOf(served, owner), "page");
    expect(await here.record()).toMatchObject({ cursor: FAR, missed: [{ from: 6, to: FAR - 1 }] });
    asked = 0;
    await here.catchUp.askAgain(here.id);
    expect(asked).toBeLessThanOrEqual(8);
  });
});

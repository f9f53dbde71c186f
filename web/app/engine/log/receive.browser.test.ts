import { afterEach, describe, expect, test } from "vitest";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { epochOf, resigned, send, senderOf, write } from "../../../core/messages/room.test-kit.ts";
import { assignMessage } from "../../../core/messages/payload.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import { NOW, flipped } from "../../../core/people.test-kit.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Served, type Tab, logOf, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";

const talk = await newTalk("engine receives");
const { room, sealed } = talk;
const { owner, patient, together } = room;

/** The honest log without the owner's own message, with whatever the adversary does to it. */
function serve(change: (server: Server) => void = () => undefined, more: Partial<Served> = {}) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  change(server);
  return { server, people: [patient], ...more } satisfies Served;
}

const tab = (served: Served, self = owner): Promise<Tab> => openTab(self, together.id, served);

afterEach(forgetDevice);

const HONEST = ["create", "join", "one", "two", "three"];

describe("A5 forward", () => {
  test("A5 a page is stored whole, and found whole after a restart (positive control)", async () => {
    const first = await tab(serve());
    await first.catchUp.newer(first.id);
    const again = await tab(serve());
    expect(await again.shown()).toEqual(HONEST);
    const { cursor, head, unread, blocked } = await again.record();
    expect({ cursor, head, unread, blocked }).toEqual({
      cursor: 5,
      head: 1,
      unread: 3,
      blocked: null,
    });
    expect((await again.library.chain(again.id)).conversation).toEqual(together);
  });

  test("A5 live items that do not follow, or skip one, are a gap: nothing is stored, a page brings it", async () => {
    const served = serve();
    const here = await tab(served);
    const items = logOf(served, owner);
    const live = (...seqs: number[]) =>
      here.receiver.forward(
        here.id,
        items.filter(({ seq }) => seqs.includes(seq)),
        "live",
      );
    expect(await live(2, 3)).toBe("gap");
    expect(await live(1, 2)).toBe("stored");
    expect(await live(4)).toBe("gap");
    expect(await live(3, 5)).toBe("gap");
    expect((await here.record()).cursor).toBe(2);
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual(HONEST);
    expect(await live(4, 5)).toBe("stored");
    expect(await here.shown()).toEqual(HONEST);
  });

  test("A5, M6 a page is what the server has: its hole is accepted, and a missing message is said", async () => {
    const here = await tab(serve(undefined, { holes: new Set([4]), pageSize: 2 }));
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual(["create", "join", "one", "?three"]);
    expect(await here.record()).toMatchObject({ cursor: 5, blocked: null });
  });

  test("A5 what another tab stored in between is judged anew, and each message is there once", async () => {
    const served = serve();
    let release: () => void = () => undefined;
    let waits: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      waits = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = await tab({
      ...served,
      beforeManifests: () => {
        waits();
        return gate;
      },
    });
    const late = slow.receiver.forward(slow.id, logOf(served, owner).slice(0, 3), "page");
    await waiting;
    const fast = await tab(served);
    await fast.receiver.forward(fast.id, logOf(served, owner), "page");
    release();
    expect(await late).toBe("stored");
    expect(await slow.shown()).toEqual(HONEST);
    expect(await slow.record()).toMatchObject({ cursor: 5, unread: 3, blocked: null });
  });

  test("A5 a crash in the middle of storing leaves nothing of it", async () => {
    const served = serve();
    const here = await tab(served);
    const { writeChain } = here.library;
    here.library.writeChain = () => Promise.reject(new Error("the tab was closed"));
    const stored = here.receiver.forward(here.id, logOf(served, owner), "page");
    await expect(stored).rejects.toThrow("the tab was closed");
    expect(await here.shown()).toEqual([]);
    here.library.writeChain = writeChain;
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual(HONEST);
  });
});

describe("M6 replays and forks", () => {
  test("M6 a replay is shown once: in one page, in a later one, below the newest", async () => {
    const server = serve(({ entries }) => {
      for (const at of [2, 3, 2])
        entries.push(entries[at] ?? { at: 0, envelope: new Uint8Array() });
    });
    const here = await tab(server);
    await here.catchUp.newer(here.id);
    server.server.entries.push(...server.server.entries.slice(2, 5));
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual(HONEST);
    expect(await here.record()).toMatchObject({ cursor: 11, unread: 3, blocked: null });
  });

  test("M6, C5 another message in a taken place stops the conversation", async () => {
    const twin = await send(room, patient, write(room, patient, "not one"));
    const here = await tab(serve((server) => server.envelope(twin)));
    await here.catchUp.newer(here.id);
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "fork" });
    expect(await here.shown()).toEqual(HONEST);
    expect(await here.receiver.forward(here.id, [], "live")).toBe("blocked");
  });

  test("M6 a message of this device that it never wrote: cloned", async () => {
    const here = await tab({ ...serve(), server: talk.server });
    await here.catchUp.newer(here.id);
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "cloned" });
    expect(await here.shown()).toEqual(HONEST);
  });

  test("M6 a message of this device under an id that it gave to another payload: cloned", async () => {
    for (const text of ["mine", "not mine"]) {
      const here = await tab(serve());
      await here.catchUp.newer(here.id);
      await here.outbox.add(here.id, { kind: "text", text: "mine" });
      const [ready] = await here.outbox.assign(here.id, 1);
      if (!ready) throw new RangeError("nothing to send");
      const where = { conversation: together.id, device: owner.device.id };
      const content = { kind: "text" as const, text };
      const { messageId } = ready.message;
      const other = assignMessage(room.suite.random, where, null, messageId, NOW, content);
      const shown = text === "mine" ? ready.message : other;
      const envelope = await send(room, owner, shown);
      await here.receiver.forward(here.id, [{ seq: 6, at: 6, envelope }], "live");
      expect((await here.record()).blocked).toEqual(
        text === "mine" ? null : { kind: "proof", code: "cloned" },
      );
      expect(await here.outbox.entries(here.id)).toHaveLength(text === "mine" ? 0 : 1);
      await forgetDevice();
    }
  });

  test("C5 an envelope under another head than the one held stops the conversation", async () => {
    const other = await resigned(patient, sealed[0] ?? new Uint8Array(), ({ header }) => ({
      header: { ...header, head: flipped(header.head) },
    }));
    const here = await tab(serve((server) => server.envelope(other)));
    await here.catchUp.newer(here.id);
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "fork" });
  });

  test("M6 an own message that the log brings is settled (control); another thing at its place is a fork", async () => {
    for (const swapped of [false, true]) {
      const here = await tab(serve());
      await here.catchUp.newer(here.id);
      await here.outbox.add(here.id, { kind: "text", text: "mine" });
      const [ready] = await here.outbox.assign(here.id, 1);
      if (!ready) throw new RangeError("nothing to send");
      const envelope = await send(room, owner, ready.message);
      // acknowledged ahead of the log: place 6 is unknown
      await here.outbox.taken(here.id, [{ order: ready.order, seq: 7, at: 7 }]);
      const before: LogItem = { seq: 6, at: 6, envelope: flipped(envelope, 300) };
      const four = write(room, patient, "four", talk.messages[2] ?? null);
      const there = swapped ? await send(room, patient, four) : envelope;
      const items = [before, { seq: 7, at: 7, envelope: there }];
      const outcome = await here.receiver.forward(here.id, items, "live");
      expect([outcome, (await here.record()).blocked]).toEqual(
        swapped ? ["blocked", { kind: "proof", code: "fork" }] : ["stored", null],
      );
      expect((await here.shown()).at(-1)).toBe("mine");
      await forgetDevice();
    }
  });
});

describe("M9 placeholders", async () => {
  const early = write(room, owner, "before you came");
  const earlier = await sealEnvelope(
    room.suite.random,
    senderOf(owner),
    epochOf(room.alone),
    early,
  );
  const server = (...between: Uint8Array[]) => {
    const made = new Server();
    made.bundle(room.created.upload);
    for (const envelope of between) made.envelope(envelope);
    made.bundle(room.joined.upload);
    return made;
  };

  test("M9, I5 what had no key is tried again when the grant arrives, and a replay of it shown once", async () => {
    const served: Served = { server: server(earlier, earlier), people: [owner] };
    const here = await tab(served, patient);
    const items = logOf(served, patient);
    await here.receiver.forward(here.id, items.slice(0, 3), "live");
    expect(await here.shown()).toEqual(["create", "no_key", "no_key"]);
    expect((await here.record()).retryable).toBe(2);
    await here.receiver.forward(here.id, items.slice(3), "live");
    expect(await here.shown()).toEqual(["create", "before you came", "join"]);
    expect(await here.record()).toMatchObject({ retryable: 0, blocked: null, cursor: 4 });
  });

  test("M9, M6 two messages in one place that open later are a fork", async () => {
    const other = write(room, owner, "something else");
    const twin = await sealEnvelope(room.suite.random, senderOf(owner), epochOf(room.alone), other);
    const served: Served = { server: server(earlier, twin), people: [owner] };
    const here = await tab(served, patient);
    for (const item of logOf(served, patient)) await here.receiver.forward(here.id, [item], "live");
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "fork" });
  });

  test("M9 what cannot be read is one placeholder that is not tried again", async () => {
    const here = await tab(serve((log) => log.envelope(flipped(sealed[0] ?? early.payload, 400))));
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual([...HONEST, "bad_signature"]);
    expect(await here.record()).toMatchObject({ cursor: 6, retryable: 0, blocked: null });
  });
});

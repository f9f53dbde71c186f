import { openDB } from "idb";
import { afterEach, describe, expect, test } from "vitest";
import {
  epochOf,
  send,
  senderOf,
  write,
  writeContent,
} from "../../../core/messages/room.test-kit.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import { flipped } from "../../../core/people.test-kit.ts";
import { Server } from "../../../core/sync/server.test-kit.ts";
import { openDatabase } from "../../../platform/database.ts";
import { logOf } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { marksRecord, messageRecord } from "../store/records.ts";
import { rowOf } from "./rows.ts";
import {
  target,
  serve,
  tab,
  readable,
  edit,
  deletion,
  react,
  room,
  owner,
  patient,
  one,
  two,
  three,
} from "./marks.test-kit.ts";

afterEach(forgetDevice);

describe("M5 forward", () => {
  test("M5 an edit and a reaction are marks on their target, and neither unread nor activity", async () => {
    const { served } = await serve([edit("uno", target(three, 5)), react("👍")]);
    const here = await tab(served);
    await here.receiver.forward(here.id, logOf(served, owner).slice(0, 5), "page");
    const before = await here.record();
    await here.catchUp.newer(here.id);
    const after = await here.record();
    expect(after).toMatchObject({ unread: 3, waiting: true, lastAt: before.lastAt, cursor: 7 });
    expect(rowOf(here.id, after, owner.account, 0, null).preview).toEqual({
      own: false,
      text: "uno",
      deleted: false,
    });
    const marks = await here.deps.store.read("marks", [here.id, 5], marksRecord);
    expect(marks?.marks).toMatchObject([{ seq: 6, wish: { kind: "edit", text: "uno" } }]);
    // The edit's own row has given its text away.
    const row = await here.deps.store.read("messages", [here.id, 6], messageRecord);
    expect(JSON.stringify(row)).not.toContain("uno");
  });

  test("M5 a deletion takes the text, its edits and its quotes from the device; the chain stays", async () => {
    const { served, added } = await serve([edit("uno"), edit("eins")]);
    const [first, second] = added;
    if (!first || !second) throw new RangeError("two edits");
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    expect(await readable(here)).toMatch(/"one".*uno.*eins/s);
    const removal = writeContent(
      room,
      patient,
      deletion(target(one, 3), [target(first, 6), target(second, 7)]),
      second,
    );
    served.server.envelope(await send(room, patient, removal));
    await here.catchUp.newer(here.id);
    expect(await readable(here)).not.toMatch(/"one"|uno|eins/);
    const row = await here.deps.store.read("messages", [here.id, 3], messageRecord);
    expect(row).toMatchObject({
      deviceSeq: 1,
      digest: one.digest,
      body: { kind: "deleted", deletedAt: 7 },
    });
    expect(await here.record()).toMatchObject({ unread: 2, blocked: null, cursor: 8 });
    expect((await here.record()).preview).toMatchObject({ text: "three", deleted: false });
  });

  test("M5 the line in the list says that the last message was deleted", async () => {
    const here = await tab((await serve([deletion(target(three, 5))])).served);
    await here.catchUp.newer(here.id);
    const { preview } = rowOf(here.id, await here.record(), owner.account, 0, null);
    expect(preview).toEqual({ own: false, text: "", deleted: true });
  });

  test("M5 a deletion with another D, or of a later place, takes nothing", async () => {
    const wrong = target(one, 3, { digest: flipped(one.digest) });
    const { served } = await serve([deletion(wrong), deletion(target(one, 9))]);
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    expect((await here.shown()).slice(2, 5)).toEqual(["one", "two", "three"]);
  });

  test("M5 nobody but the author's account changes a text", async () => {
    const { served } = await serve([]);
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    await here.outbox.add(here.id, { kind: "edit", target: target(one, 3), text: "forged" });
    await here.outbox.add(here.id, { kind: "deletion", target: target(two, 4) });
    const ready = await here.outbox.assign(here.id, 10);
    await here.outbox.taken(
      here.id,
      ready.map(({ order }, i) => ({ order, seq: 6 + i, at: 6 + i })),
    );
    expect((await here.shown()).slice(2, 5)).toEqual(["one", "two", "three"]);
    expect(await here.record()).toMatchObject({ unread: 3 });
  });
});

describe("M5 what arrives after its deletion", () => {
  test("M5 an older page brings the target, or its hole: nothing of its text is kept", async () => {
    for (const holes of [new Set<number>(), new Set([3]), new Set([3, 6])]) {
      const { served, added } = await serve([edit("uno")]);
      const removal = writeContent(room, patient, deletion(), added[0] ?? null);
      served.server.envelope(await send(room, patient, removal));
      const here = await tab({ ...served, holes });
      const items = logOf({ ...served, holes }, owner);
      const bundles = items.filter((item) => "bundle" in item);
      await here.receiver.tail(here.id, [...bundles, ...items.slice(-1)], 7);
      expect(await here.record()).toMatchObject({ oldest: 7, cursor: 7, blocked: null });
      await here.catchUp.older(here.id);
      expect(await here.record()).toMatchObject({ oldest: 1, blocked: null });
      expect(await readable(here)).not.toMatch(/"one"|uno/);
      expect(await readable(here)).toContain('"two"');
      await forgetDevice();
    }
  });

  test("M5, M9 a placeholder that opens after its deletion was read is deleted at once", async () => {
    const early = write(room, owner, "before you came");
    const { random } = room.suite;
    const sealed = await sealEnvelope(random, senderOf(owner), epochOf(room.alone), early);
    const { deviceSeq, digest } = early;
    const on = { device: owner.device.id, deviceSeq, digest, seq: 2 };
    const removal = writeContent(room, owner, { kind: "deletion", target: on }, early);
    for (const isDeleted of [false, true]) {
      const server = new Server();
      server.bundle(room.created.upload);
      server.envelope(sealed);
      server.bundle(room.joined.upload);
      if (isDeleted) server.envelope(await send(room, owner, removal));
      const here = await tab({ server, people: [owner] }, patient);
      await here.catchUp.newer(here.id);
      expect((await here.shown())[1]).toBe(isDeleted ? "deleted" : "before you came");
      expect((await readable(here)).includes("before you came")).toBe(!isDeleted);
      await forgetDevice();
    }
  });

  test("M5 an edit that comes after the deletion leaves no text", async () => {
    const { served } = await serve([deletion(), edit("too late")]);
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    expect(await readable(here)).not.toContain("too late");
  });
});

test("K8 a database of the version before keeps what it holds, and gets the stores for marks", async () => {
  const old = await openDB("thyme", 1, {
    upgrade(db) {
      for (const store of ["local", "state", "conversations", "messages"]) {
        db.createObjectStore(store);
      }
      for (const store of ["bundles", "outbox", "accounts", "records"]) db.createObjectStore(store);
    },
  });
  await old.put("messages", new Uint8Array([1, 2, 3]), ["c", 7]);
  old.close();
  const db = await openDatabase(() => undefined);
  expect(await db.get("messages", ["c", 7])).toEqual(new Uint8Array([1, 2, 3]));
  expect([...db.objectStoreNames]).toEqual(expect.arrayContaining(["marks", "numbers"]));
  db.close();
});

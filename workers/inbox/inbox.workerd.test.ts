import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { randomBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { down, fill, open, seedPair, withDeps } from "../conversation/scene.test-kit.ts";
import { TUNING } from "../conversation/settings.ts";
import { openInbox } from "../conversation/socket.test-kit.ts";
import { inboxObject } from "../objects/objects.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { LIMITS } from "../protocol/limits.ts";
import { withDevice } from "../protocol/manifest.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("the Inbox", () => {
  test('decision "one socket": a snapshot, then activity; unread counts what others wrote; reading is told to the other sockets', async () => {
    const pair = await seedPair();
    const { owner, patient, head, conversation } = pair;
    const one = await openInbox(patient.person);
    const inbox = inboxObject(env, patient.person.id);
    const stored = () =>
      runInDurableObject(inbox, (_, { storage }) =>
        storage.sql.exec("SELECT last_seq FROM rows").toArray(),
      );
    await expect.poll(stored).toEqual([{ last_seq: 2 }]);
    const { rows, more } = await one.hello();
    expect(more).toBe(false);
    expect(rows).toMatchObject([{ conversation, head: 1, lastSeq: 2, readSeq: 0, unread: 0 }]);
    const socket = await open(owner, pair);
    socket.send(...owner.writeMany(head, 3));
    await socket.untilAcked(3);
    await one.until(() => one.all("activity").at(-1)?.row.lastSeq === 5, "activity");
    expect(one.all("activity").at(-1)?.row).toMatchObject({ lastSeq: 5, unread: 3 });
    const two = await openInbox(patient.person);
    await two.hello();
    two.say({ t: "read", conversation, seq: 4 });
    await one.until(() => one.all("activity").at(-1)?.row.readSeq === 4, "read");
    expect(one.all("activity").at(-1)?.row.unread).toBe(1);
    two.say({ t: "read", conversation, seq: 2 });
    two.say({ t: "read", conversation, seq: 5 });
    await one.until(() => one.all("activity").at(-1)?.row.readSeq === 5, "read");
    expect(one.all("activity").at(-1)?.row.unread).toBe(0);
    await evictDurableObject(inbox);
    socket.send(owner.write(head));
    await one.until(
      () => one.all("activity").at(-1)?.row.lastSeq === 6,
      "activity after hibernation",
    );
    expect(one.all("activity").at(-1)?.row.unread).toBe(1);
  });

  test("M1 quiet envelopes are not unread, whatever was evicted or left the tail meanwhile", async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    const list = await openInbox(patient.person);
    await list.hello();
    const unread = async (lastSeq: number) => {
      await list.until(() => list.all("activity").at(-1)?.row.lastSeq === lastSeq, "activity");
      return list.all("activity").at(-1)?.row.unread;
    };
    const socket = await open(owner, pair);
    socket.send(owner.write(head), owner.writeQuiet(head));
    expect(await unread(4)).toBe(1);
    socket.send(owner.writeQuiet(head));
    expect(await unread(5)).toBe(1);
    // Counted from the tail.
    await evictDurableObject(stub);
    socket.send(owner.write(head), owner.writeQuiet(head));
    expect(await unread(7)).toBe(2);
    // Counted from the rows of authors: most of them have left the tail.
    const rest = TUNING.tailKeep + TUNING.pruneStep;
    await fill(pair, socket, owner, head, rest);
    await stub.catchUp();
    expect(await runInDurableObject(stub, ({ core }) => core.get().pruned)).toBeGreaterThan(7);
    await evictDurableObject(stub);
    socket.send(owner.writeQuiet(head), owner.write(head));
    expect(await unread(rest + 9)).toBe(rest + 3);
  });

  test("K3 live devices of the account, and nobody else, hear of a new manifest", async () => {
    const { owner, patient } = await seedPair();
    const own = await openInbox(patient.person);
    const foreign = await openInbox(owner.person);
    await own.hello();
    await foreign.hello();
    const next = withDevice(patient.person.account);
    await patient.person.browser.get("putAccount", {
      body: {
        manifestCbor: toBase64url(next.manifestCbor),
        sealsCbor: toBase64url(next.sealsCbor),
      },
    });
    await own.until(() => own.all("manifest").length === 1, "manifest");
    expect(own.all("manifest")).toEqual([{ t: "manifest", version: 2 }]);
    expect(foreign.all("manifest")).toEqual([]);
  });

  test("an Inbox out of reach is reconciled by the alarm, with one call for all it missed", async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    const inbox = await openInbox(patient.person);
    await inbox.hello();
    let calls = 0;
    const heal = await withDeps(pair, () => ({
      activity: () => {
        calls += 1;
        return down();
      },
    }));
    const socket = await open(owner, pair);
    socket.send(...owner.writeMany(head, 5));
    await socket.untilAcked(5);
    await runDurableObjectAlarm(stub);
    expect(calls).toBeGreaterThan(0);
    expect(inbox.all("activity").some(({ row }) => row.lastSeq > 2)).toBe(false);
    await heal();
    await stub.catchUp();
    await inbox.until(() => inbox.all("activity").at(-1)?.row.lastSeq === 7, "activity");
    expect(inbox.all("activity").at(-1)?.row.unread).toBe(5);
    await evictDurableObject(stub);
    const frames = inbox.frames.length;
    await runInDurableObject(stub, (object) => object.alarm());
    expect(inbox.frames).toHaveLength(frames);
  });

  test("under load an Inbox is told about once a second", async () => {
    const pair = await seedPair();
    const { owner, head } = pair;
    let calls = 0;
    await withDeps(pair, ({ activity }) => ({
      activity: (...args) => {
        calls += 1;
        return activity(...args);
      },
    }));
    const socket = await open(owner, pair);
    const began = Date.now();
    for (let i = 0; i < 100; i++) socket.send(owner.write(head));
    await socket.untilAcked(100);
    // Two Inboxes, and however long a busy machine takes for a hundred messages.
    const seconds = (Date.now() - began) / 1000;
    expect(calls).toBeLessThan(8 + 2 * seconds);
  });

  test("500 conversations come in frames of at most 200, the newest first", async () => {
    const person = await seedPerson("practitioner");
    const stub = inboxObject(env, person.id);
    for (let i = 1; i <= 500; i++) {
      const row = {
        conversation: randomBytes(32),
        shard: 0,
        head: 0,
        lastSeq: i,
        lastAt: i,
        others: i,
      };
      await stub.activity(row);
    }
    const socket = await openInbox(person);
    socket.say({ t: "hello", v: 1 });
    await socket.until(() => socket.all("snapshot").some(({ more }) => !more), "snapshot");
    const frames = socket.all("snapshot");
    expect(frames.map(({ rows, more }) => [rows.length, more])).toEqual([
      [200, true],
      [200, true],
      [100, false],
    ]);
    const times = frames.flatMap(({ rows }) => rows.map(({ lastAt }) => lastAt));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test("what is not in the list cannot be read; malformed and oversized frames close", async () => {
    const person = await seedPerson("patient");
    const one = await openInbox(person);
    expect((await one.hello()).rows).toEqual([]);
    one.say({ t: "read", conversation: randomBytes(32), seq: 1 });
    expect((await one.next("refused")).error).toBe("not_found");
    one.raw(new Uint8Array([255]));
    expect(await one.closing()).toBe(CLOSE.badFrame);
    const two = await openInbox(person);
    two.raw(new Uint8Array(LIMITS.frame + 1));
    expect(await two.closing()).toBe(CLOSE.tooLarge);
  });

  test("what is asked about an account without an Inbox leaves no trace", async () => {
    const stub = inboxObject(env, (await seedPerson("patient")).id);
    const tables = () =>
      runInDurableObject(stub, (_, { storage }) =>
        storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'rows'").toArray(),
      );
    expect(await stub.recallSession("hash", Date.now())).toEqual({ kind: "unknown" });
    expect(await stub.conversations()).toEqual([]);
    expect(await tables()).toEqual([]);
    // The positive control: what is kept makes the tables.
    await stub.spent(randomBytes(32), 1, 1);
    expect(await tables()).toHaveLength(1);
  });

  test("E4 a hello of another version is told to update, as a Conversation tells it", async () => {
    const socket = await openInbox(await seedPerson("patient"));
    socket.raw(encodeCbor({ t: "hello", v: 2 }));
    expect((await socket.next("refused")).error).toBe("unsupported_version");
    expect(await socket.closing()).toBe(CLOSE.version);
  });

  test("random frames: never an exception", async () => {
    const person = await seedPerson("patient");
    const frames = fc.sample(fc.uint8Array({ maxLength: 64 }), 50);
    for (const frame of frames) {
      const socket = await openInbox(person);
      socket.raw(frame);
      expect(await socket.closing()).toBe(CLOSE.badFrame);
    }
  });
});

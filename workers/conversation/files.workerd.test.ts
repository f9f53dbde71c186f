import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { inviteBundle } from "../protocol/bundle.test-kit.ts";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { toBase64url } from "../protocol/bytes.ts";
import { ask } from "./deletion.test-kit.ts";
import { makeEnvelope } from "./envelope.test-kit.ts";
import {
  type Pair,
  alarmComes,
  freshInvite,
  open,
  sayBundle,
  seedPair,
  withDeps,
} from "./scene.test-kit.ts";
import { TestUpload, counted, fileKeys, registered } from "./uploads.test-kit.ts";

vi.setConfig({ testTimeout: 40_000 });

/** A file of the patient that its message names, at place 2. */
async function sent(pair: Pair): Promise<TestUpload> {
  const file = new TestUpload(pair.patient, pair);
  expect(await file.send()).toBe("ok");
  const socket = await open(pair.patient, pair);
  socket.send(pair.patient.naming(pair.head, file.blob));
  await socket.untilAcked(1);
  socket.close();
  return file;
}

describe("F2 a message that names files", () => {
  test("F2 binds what is complete and its author's, at its place; what it names is another's to name no more", async () => {
    const pair = await seedPair();
    const { patient, head, stub } = pair;
    const file = await sent(pair);
    const [last] = [(await file.row())?.seq];
    expect(last).toBe(3);
    await evictDurableObject(stub);
    const socket = await open(patient, pair);
    socket.send(patient.naming(head, file.blob));
    expect(await socket.next("refused")).toMatchObject({ error: "blob_gone" });
    expect((await file.row())?.seq).toBe(3);
    expect(await file.cancel()).toBe("already_exists");
  });

  test("F2 one that is unknown, incomplete, another's, cancelled or of another conversation is refused, and what follows waits", async () => {
    const pair = await seedPair();
    const { patient, owner, head } = pair;
    const elsewhere = await seedPair();
    const incomplete = new TestUpload(patient, pair);
    expect(await incomplete.begin()).toBe("ok");
    const others = new TestUpload(owner, pair);
    const there = new TestUpload(elsewhere.patient, elsewhere);
    const [cancelled, good] = [new TestUpload(patient, pair), new TestUpload(patient, pair)];
    for (const file of [others, there, cancelled, good]) expect(await file.send()).toBe("ok");
    expect(await cancelled.cancel()).toBe("ok");
    const unknown = new TestUpload(patient, pair);
    const socket = await open(patient, pair);
    for (const bad of [unknown, incomplete, others, there, cancelled]) {
      socket.send(patient.naming(head, good.blob, bad.blob), patient.write(head));
      expect(await socket.next("refused")).toMatchObject({ error: "blob_gone" });
      expect(await socket.next("refused")).toMatchObject({ error: "out_of_order" });
      patient.takeBack();
      patient.takeBack();
    }
    expect((await good.row())?.seq).toBeNull();
    socket.send(patient.naming(head, good.blob));
    await socket.untilAcked(1);
    expect((await good.row())?.seq).toBe(2 + 1);
  });

  test("M7 refused for its epoch it binds nothing; sealed again it does, and again it is the same message", async () => {
    const pair = await seedPair();
    const { patient, owner, head } = pair;
    const file = new TestUpload(patient, pair);
    expect(await file.send()).toBe("ok");
    const next = inviteBundle(owner.author, head, freshInvite());
    const other = await open(owner, pair);
    sayBundle(other, next);
    await other.next("accepted");
    const socket = await open(patient, pair);
    const stale = patient.naming(head, file.blob);
    socket.send(stale);
    expect(await socket.next("refused")).toMatchObject({ error: "stale_epoch" });
    expect((await file.row())?.seq).toBeNull();
    const { messageId, deviceSeq } = stale.header;
    const change = { messageId, blobIds: [file.blob] };
    const resealed = makeEnvelope(patient.author, next, deviceSeq, change);
    socket.send(resealed);
    await socket.untilAcked(1);
    const seq = socket.acked[0]?.seq;
    expect((await file.row())?.seq).toBe(seq);
    await evictDurableObject(pair.stub);
    const again = await open(patient, pair);
    again.send(resealed);
    await again.untilAcked(1);
    expect(again.acked[0]?.seq).toBe(seq);
    expect((await file.row())?.seq).toBe(seq);
  });
});

describe("M5 deleting a message deletes its files", () => {
  test("M5 at once for readers, in R2 through failures and evictions, and the budget has the room again", async () => {
    const pair = await seedPair();
    const { patient, owner, stub, head } = pair;
    const [file, kept] = [await sent(pair), new TestUpload(patient, pair)];
    expect(await kept.send()).toBe("ok");
    const socket = await open(patient, pair);
    socket.send(patient.naming(head, kept.blob), patient.write(head));
    await socket.untilAcked(2);
    const [, deletion] = socket.acked;
    expect((await file.fetchedBy(owner)).status).toBe(200);
    await withDeps(pair, ({ blobs }) => ({
      blobs: { ...blobs, delete: () => Promise.reject(new Error("R2 is away")) },
    }));
    expect(await ask(patient, pair, 3, deletion?.seq ?? 0)).toBe("ok");
    expect((await file.fetchedBy(owner)).outcome).toBe("not_found");
    await alarmComes(stub);
    expect(await fileKeys(pair)).toContain(file.key);
    await evictDurableObject(stub);
    await vi.waitFor(async () => expect(await fileKeys(pair)).toEqual([kept.key]), 20_000);
    expect((await kept.fetchedBy(owner)).status).toBe(200);
    await alarmComes(stub);
    expect(await registered(pair)).toBe(1_000);
    // Its place is empty, and its id is used up.
    expect(await file.begin()).toBe("blob_gone");
    expect(await ask(patient, pair, 3, deletion?.seq ?? 0)).toBe("ok");
  });
});

describe("F2 a download", () => {
  test("F2 is for who may read the conversation; all others, and what no message names, are answered alike", async () => {
    const pair = await seedPair();
    const file = await sent(pair);
    for (const member of [pair.owner, pair.patient]) {
      const { bytes } = await file.fetchedBy(member);
      expect(bytes).toEqual(new Uint8Array(1_000).fill(1));
    }
    const stranger = { person: await seedPerson("patient") };
    const elsewhere = await seedPair();
    const unnamed = new TestUpload(pair.patient, pair);
    expect(await unnamed.send()).toBe("ok");
    const refused = [
      await file.fetchedBy(stranger),
      await file.fetchedBy(elsewhere.patient),
      await new TestUpload(pair.patient, pair).fetchedBy(pair.patient),
      await unnamed.fetchedBy(pair.patient),
    ];
    const shown = refused.map(({ status, text, headers }) => {
      headers.delete("date");
      return JSON.stringify([status, text, [...headers]]);
    });
    expect(new Set(shown).size).toBe(1);
    expect(refused[0]?.outcome).toBe("not_found");
  });

  test("F2 by ranges is what was asked for, and says which (RFC 9110)", async () => {
    const pair = await seedPair();
    const file = await sent(pair);
    await env.BLOBS.put(
      file.key,
      Uint8Array.from({ length: 1_000 }, (_, i) => i % 251),
    );
    const get = (range: string) => file.fetchedBy(pair.owner, { range });
    const some = await get("bytes=250-259");
    expect(some.status).toBe(206);
    expect([...(some.bytes ?? [])]).toEqual([250, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(some.headers.get("content-range")).toBe("bytes 250-259/1000");
    const rest = await get("bytes=-100");
    expect([rest.bytes?.length, rest.headers.get("content-range")]).toEqual([
      100,
      "bytes 900-999/1000",
    ]);
    const beyond = await get("bytes=1000-");
    expect([beyond.status, beyond.outcome]).toEqual([416, "range_refused"]);
    expect(beyond.headers.get("content-range")).toBe("bytes */1000");
    const whole = await get("bytes=0-1,5-6");
    expect([whole.status, whole.bytes?.length]).toEqual([200, 1_000]);
  });

  test.each([
    ["HTML", "<!doctype html><script>alert(1)</script>"],
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ["a polyglot", "GIF89a/*<script>alert(1)</script>*/=1"],
  ])("F2 of %s never runs as a page", async (_, text) => {
    const pair = await seedPair();
    const content = utf8ToBytes(text.padEnd(1_000));
    const file = await sent(pair);
    await env.BLOBS.put(file.key, content, { httpMetadata: { contentType: "text/html" } });
    for (const headers of [{}, { range: "bytes=0-499" }, { accept: "text/html" }]) {
      const answer = await file.fetchedBy(pair.owner, headers);
      expect(answer.bytes?.length).toBeGreaterThan(0);
      const shown = ["content-type", "content-disposition", "x-content-type-options"];
      expect(shown.map((name) => answer.headers.get(name))).toEqual([
        "application/octet-stream",
        "attachment",
        "nosniff",
      ]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      const policy = answer.headers.get("content-security-policy");
      expect(policy).toContain("sandbox");
      expect(policy).toContain("default-src 'none'");
      expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    }
  });
});

describe("F1 the room for files", () => {
  const limitTo = (pair: Pair, change: Partial<Record<string, number>>) =>
    runInDurableObject(pair.stub, ({ core }) => Object.assign(core.budgets, change));
  const DEFAULTS = {
    conversationFileBytes: 2 * 1024 ** 3,
    accountFileBytes: 20 * 1024 ** 3,
    openUploads: 32,
    openUploadsHere: 96,
  };

  test("F1 of a conversation: of two that race for the last byte one wins, and what is cancelled is free again", async () => {
    const pair = await seedPair();
    await limitTo(pair, { conversationFileBytes: 1_999 });
    const files = [new TestUpload(pair.patient, pair), new TestUpload(pair.owner, pair)];
    const outcomes = await Promise.all(files.map((file) => file.begin()));
    expect(outcomes.toSorted()).toEqual(["ok", "quota_exceeded"]);
    const [winner, loser] = outcomes[0] === "ok" ? files : files.toReversed();
    expect(await loser?.row()).toBeNull();
    expect(await winner?.cancel()).toBe("ok");
    await alarmComes(pair.stub);
    expect(await loser?.send()).toBe("ok");
    await limitTo(pair, DEFAULTS);
  });

  test("F1 of their owner: two conversations race for the last byte, one wins, the other is as before", async () => {
    const pair = await seedPair();
    const other = await seedPair();
    const owner = toBase64url(pair.owner.person.account.id);
    await env.DB.prepare("UPDATE conversations SET owner = ? WHERE id = ?")
      .bind(owner, toBase64url(other.conversation))
      .run();
    for (const one of [pair, other]) await limitTo(one, { accountFileBytes: 1_999 });
    const files = [new TestUpload(pair.patient, pair), new TestUpload(other.patient, other)];
    const outcomes = await Promise.all(files.map((file) => file.begin()));
    expect(outcomes.toSorted()).toEqual(["ok", "quota_exceeded"]);
    const [lost] = outcomes[0] === "ok" ? [other] : [pair];
    expect(await counted(lost)).toEqual({ held: 0, told: 0 });
    expect((await registered(pair)) + (await registered(other))).toBe(1_000);
    // Several at once in one conversation: as many as there is room for.
    for (const one of [pair, other]) await limitTo(one, { accountFileBytes: 3_500 });
    const more = Array.from({ length: 5 }, () => new TestUpload(pair.patient, pair));
    const begun = await Promise.all(more.map((file) => file.begin()));
    expect(begun.filter((outcome) => outcome === "ok")).toHaveLength(2);
    await limitTo(pair, DEFAULTS);
  });

  test("F1 so many on their way: another waits, unless one has rested for an hour, which makes room", async () => {
    const pair = await seedPair();
    await limitTo(pair, { openUploads: 2 });
    const [one, two, three] = Array.from({ length: 3 }, () => new TestUpload(pair.patient, pair));
    for (const file of [one, two]) expect(await file?.begin()).toBe("ok");
    expect(await three?.begin()).toBe("rate_limited");
    expect(await new TestUpload(pair.owner, pair).begin()).toBe("ok");
    await withDeps(pair, () => ({ now: () => Date.now() + 61 * 60_000 }));
    expect(await two?.part(1)).toBe("ok");
    expect(await three?.begin()).toBe("ok");
    expect(await one?.begin()).toBe("blob_gone");
    expect(await two?.finish()).toBe("ok");
    await limitTo(pair, DEFAULTS);
  });
});

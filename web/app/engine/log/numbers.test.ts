import { expect, test } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import { HOLE_CAP } from "../../../core/messages/effects.ts";
import { memoryWriter } from "../store/memory-writer.test-kit.ts";
import { type MessageRow, messageRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { row } from "../timeline/effects-view.test-kit.ts";
import { isDeletionOf, nameDeleted, withHole } from "./missing.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const [account, other] = [bytes(32, 1), bytes(32, 2)];
const device = bytes(32, 3);
const digestOf = (deviceSeq: number) => bytes(32, 100 + deviceSeq);
const target = (deviceSeq: number, digest = digestOf(deviceSeq)) => ({
  device,
  deviceSeq,
  digest,
  seq: deviceSeq,
});
/** A message of the device whose predecessor is the one before it. */
const message = (deviceSeq: number): MessageRow => ({
  ...row(account, deviceSeq),
  device,
  deviceSeq,
  prev: digestOf(deviceSeq - 1),
});

type Writing = ReturnType<typeof memoryWriter>;

/** Places this message behind the numbers from `from` on, which are not there. */
async function missing(writer: Writing, deviceSeq: number, from: number, seq = 9) {
  const placed = await withHole(writer, C1, seq, message(deviceSeq), from);
  await writer.put("messages", [C1, seq], messageRecord, placed);
}
const isMissingBefore = async (writer: Writing, seq = 9) => {
  const stored = await writer.get("messages", [C1, seq], messageRecord);
  return stored?.type === "message" && stored.missingBefore;
};
const reader = (writer: Writing) => ({ read: writer.get }) as Pick<Store, "read">;

test("M5 M6 what its own account says to have deleted is not missing, once all of it is named", async () => {
  const writer = memoryWriter();
  await missing(writer, 4, 2);
  expect(await isMissingBefore(writer)).toBe(true);
  await nameDeleted(writer, C1, account, target(2));
  expect(await isMissingBefore(writer)).toBe(true);
  await nameDeleted(writer, C1, account, target(3));
  expect(await isMissingBefore(writer)).toBe(false);
});

test("M5 M6 another account, or another digest than the one that is named, excuses nothing", async () => {
  for (const [by, digest] of [[other, digestOf(3)] as const, [account, digestOf(9)] as const]) {
    const writer = memoryWriter();
    await missing(writer, 4, 3);
    await nameDeleted(writer, C1, by, target(3, digest));
    expect(await isMissingBefore(writer)).toBe(true);
  }
});

test("M5 a deletion is of the message that it names, by its account and digest", async () => {
  const writer = memoryWriter();
  expect(await isDeletionOf(reader(writer), C1, account, target(3))).toBe(false);
  await nameDeleted(writer, C1, account, target(3));
  expect(await isDeletionOf(reader(writer), C1, account, target(3))).toBe(true);
  expect(await isDeletionOf(reader(writer), C1, other, target(3))).toBe(false);
  expect(await isDeletionOf(reader(writer), C1, account, target(3, digestOf(4)))).toBe(false);
});

test("M5 what is said of one number is kept sixteen times, and the same once", async () => {
  const writer = memoryWriter();
  const isKnown = (n: number) => isDeletionOf(reader(writer), C1, account, target(3, bytes(32, n)));
  for (let i = 0; i < 20; i++) await nameDeleted(writer, C1, account, target(3, bytes(32, 1)));
  for (let n = 2; n <= 16; n++) await nameDeleted(writer, C1, account, target(3, bytes(32, n)));
  expect([await isKnown(1), await isKnown(16)]).toEqual([true, true]);
  await nameDeleted(writer, C1, account, target(3, bytes(32, 17)));
  expect(await isKnown(17)).toBe(false);
});

test("M6 a hole longer than anybody deletes is missing, and no number of it is noted", async () => {
  const writer = memoryWriter();
  const name = async (from: number, next: number) => {
    for (let at = from; at < next; at++) await nameDeleted(writer, C1, account, target(at));
  };
  await name(1, HOLE_CAP + 2);
  await missing(writer, HOLE_CAP + 1, 1, 200);
  expect(await isMissingBefore(writer, 200)).toBe(false);
  await missing(writer, HOLE_CAP + 2, 1, 201);
  expect(await isMissingBefore(writer, 201)).toBe(true);
  let reads = 0;
  const get: Writing["get"] = (...given) => {
    reads += 1;
    return writer.get(...given);
  };
  const far = await withHole({ ...writer, get }, C1, 202, message(1_000_000), 1);
  expect([far.missingBefore, reads]).toEqual([true, 0]);
});

test("M6 the row that missed it is written again only where it is a message that still does", async () => {
  const placed = { type: "bundle", at: 1, n: 1, change: "join", account } as const;
  const { missingFrom: _, ...unplaced } = await withHole(memoryWriter(), C1, 9, message(4), 3);
  for (const there of [null, placed, unplaced, { ...message(4), missingFrom: 3 }]) {
    const writer = memoryWriter();
    await missing(writer, 4, 3);
    if (there) await writer.put("messages", [C1, 9], messageRecord, there);
    else await writer.delete("messages", [C1, 9]);
    const before = await writer.get("messages", [C1, 9], messageRecord);
    let puts = 0;
    const put: Writing["put"] = (store, ...rest) => {
      if (store === "messages") puts += 1;
      return writer.put(store, ...rest);
    };
    await nameDeleted({ ...writer, put }, C1, account, target(3));
    expect(puts).toBe(0);
    expect(await writer.get("messages", [C1, 9], messageRecord)).toEqual(before);
  }
});

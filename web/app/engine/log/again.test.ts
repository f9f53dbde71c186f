import { expect, test } from "vitest";
import { flipped } from "../../../core/people.test-kit.ts";
import { changeKept } from "../conversation/keep.ts";
import {
  type MessageRecord,
  type MessageRow,
  marksRecord,
  messageRecord,
} from "../store/records.ts";
import { FORK, at, device, id, items, talk } from "./receiver.test-kit.ts";

type Device = Awaited<ReturnType<typeof device>>;
const { room } = talk;

const put = ({ store }: Device, seq: number, row: MessageRecord) =>
  store.write(["messages"], (writer) => writer.put("messages", [id, seq], messageRecord, row));
async function messageAt({ store }: Device, seq: number): Promise<MessageRow> {
  const row = await store.read("messages", [id, seq], messageRecord);
  if (row?.type !== "message") throw new RangeError(`no message at ${seq}`);
  return row;
}
const placeholder = (seq: number, more: { retry: boolean; vouched: boolean }): MessageRecord => {
  const [item] = at(seq);
  const envelope = item && "envelope" in item ? item.envelope : new Uint8Array(1);
  return { type: "quarantined", at: 1, envelope, reason: "no_key", ...more };
};

/** All but these places came. */
async function without(...seqs: number[]): Promise<Device> {
  const it = await device();
  await it.receiver.forward(
    id,
    items.filter(({ seq }) => !seqs.includes(seq)),
    "page",
  );
  return it;
}

test("M6 a place that was missed is filled when it comes, and asked for no more", async () => {
  const it = await without(4);
  expect((await it.now())?.missed).toEqual([{ from: 4, to: 4 }]);
  expect((await messageAt(it, 5)).missingBefore).toBe(true);
  await it.receiver.again(id, at(4), false);
  expect([(await it.now())?.missed, await it.rows()]).toEqual([[], [1, 2, 3, 4, 5, 6]]);
  expect((await messageAt(it, 5)).missingBefore).toBe(false);
});

test("A5 nothing is filled where another tab was told of a newer bundle, or of proof, meanwhile", async () => {
  for (const change of [{ head: 5 }, { blocked: FORK }]) {
    const it = await without(4);
    it.beside((kept) => ({ ...kept, ...change }));
    await it.receiver.again(id, at(4), false);
    expect(await it.rows()).toEqual([1, 2, 3, 5, 6]);
  }
  const begun = await without(2);
  begun.beside((kept) => ({ ...kept, blocked: FORK }));
  await begun.receiver.again(id, at(2), false);
  expect((await begun.now())?.head).toBe(0);
  const late = await without(2);
  await late.receiver.again(id, at(2), false);
  expect((await late.now())?.head).toBe(1);
});

test("M6 what is missing is missing of one device: another one's numbers fill nothing of it", async () => {
  const it = await without(3, 4);
  await it.receiver.again(id, at(4), false);
  expect((await messageAt(it, 6)).deviceSeq).toBe(1);
  expect((await messageAt(it, 4)).missingBefore).toBe(true);
});

test("M6 where a tail began, what stays missing between two that came is said when the first comes", async () => {
  const it = await device();
  const [answer] = at(6);
  if (!answer) throw new RangeError("no answer");
  // The owner's other device wrote first, and so begins the tail; then the patient wrote three.
  const log = [...at(1, 2), { ...answer, seq: 3 }];
  for (const item of at(3, 4, 5)) log.push({ ...item, seq: item.seq + 1 });
  const shown = (...seqs: number[]) => log.filter(({ seq }) => seqs.includes(seq));
  await it.receiver.tail(id, shown(1, 2, 3, 6), 6);
  expect((await messageAt(it, 6)).missingBefore).toBe(false);
  await it.receiver.again(id, shown(4), false);
  expect((await messageAt(it, 6)).missingBefore).toBe(true);
  await it.receiver.again(id, shown(5), false);
  expect((await messageAt(it, 6)).missingBefore).toBe(false);
});

test("C5 proof among what came again is the end of it: no placeholder after it opens", async () => {
  const it = await without();
  const stored = await messageAt(it, 3);
  await put(it, 3, { ...stored, digest: flipped(stored.digest) });
  await put(it, 4, placeholder(4, { retry: true, vouched: true }));
  const missed = [{ from: 3, to: 3 }];
  await changeKept(it.store, id, (kept) => ({ ...kept, missed, retryable: 1 }));
  await it.receiver.again(id, at(3), false);
  expect(await it.now()).toMatchObject({ blocked: FORK, retryable: 1 });
});

test("M5 a deletion names places of a short hole alone: a server's long one is not gone through", async () => {
  const missedAfter = async (to: number) => {
    const it = await without();
    const named = { device: room.patient.device.id, deviceSeq: 9, digest: new Uint8Array(32) };
    const mark = { account: room.patient.account, seq: 90, at: 1, sentAt: 1, named };
    await it.store.write(["marks"], (writer) =>
      writer.put("marks", [id, 12], marksRecord, {
        marks: [{ ...mark, wish: { kind: "deletion" } }],
      }),
    );
    await changeKept(it.store, id, (kept) => ({ ...kept, missed: [{ from: 11, to }] }));
    await it.receiver.again(id, [], false);
    return (await it.now())?.missed;
  };
  expect(await missedAfter(74)).toEqual([
    { from: 11, to: 11 },
    { from: 13, to: 74 },
  ]);
  expect(await missedAfter(75)).toEqual([{ from: 11, to: 75 }]);
});

test("M9 the log goes on from what the server has where nobody vouched for what stood after it", async () => {
  const begun = async (...vouched: boolean[]) => {
    const it = await device({ cursor: 6 + vouched.length });
    for (const [i, one] of vouched.entries()) {
      await put(it, 7 + i, placeholder(6, { retry: !one, vouched: one }));
    }
    return it;
  };
  const garbage = await begun(false);
  expect(await garbage.receiver.retract(id, 7, 6)).toBe(true);
  expect([(await garbage.now())?.cursor, await garbage.rows()]).toEqual([6, []]);
  expect(garbage.changes()).toBe(1);
  const signed = await begun(false, true);
  expect(await signed.receiver.retract(id, 8, 6)).toBe(false);
  expect([(await signed.now())?.cursor, await signed.rows()]).toEqual([8, [7, 8]]);
  // Where nothing is stored there, nothing is taken back.
  const deleted = await device({ cursor: 9 });
  expect(await deleted.receiver.retract(id, 9, 6)).toBe(false);
  expect((await deleted.now())?.cursor).toBe(9);
  // What another tab got meanwhile shows that the server has more by now.
  const raced = await begun(false);
  raced.beside((kept) => ({ ...kept, cursor: 8 }));
  expect(await raced.receiver.retract(id, 7, 6)).toBe(false);
  expect([(await raced.now())?.cursor, await raced.rows()]).toEqual([8, [7]]);
  expect(raced.changes()).toBe(0);
});

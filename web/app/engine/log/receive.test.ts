import { expect, test } from "vitest";
import { flipped } from "../../../core/people.test-kit.ts";
import { FORK, at, device, here, id, items, patientDevice } from "./receiver.test-kit.ts";

test("A5 a page is stored to its end, once (control)", async () => {
  const { receiver, now, rows } = await device();
  expect(await receiver.forward(id, items, "page")).toBe("stored");
  expect([(await now())?.cursor, await rows()]).toEqual([6, [1, 2, 3, 4, 5, 6]]);
});

test("nothing is stored of what is not kept, or of a conversation that stopped", async () => {
  const none = await device(null);
  expect(await none.receiver.forward(id, items, "page")).toBe("gap");
  expect(await none.receiver.tail(id, items, 6)).toBe("gap");
  await none.receiver.backward(id, items);
  expect([await none.rows(), none.changes()]).toEqual([[], 0]);
  const stopped = await device({ blocked: FORK });
  expect(await stopped.receiver.forward(id, items, "page")).toBe("blocked");
  await stopped.receiver.again(id, items, true);
  const begun = await device({ blocked: FORK, oldest: 9, cursor: 9 });
  await begun.receiver.backward(id, items);
  for (const one of [stopped, begun]) expect([await one.rows(), one.changes()]).toEqual([[], 0]);
});

test("a head whose bundles are gone is a gap, and not judged anew for ever", async () => {
  const { receiver, rows } = await device({ head: 0 });
  expect(await receiver.forward(id, items, "page")).toBe("gap");
  expect(await rows()).toEqual([]);
});

test("live items follow the cursor and each other, or the log is asked; a page may have holes", async () => {
  const { receiver, now } = await device();
  expect(await receiver.forward(id, at(2), "live")).toBe("gap");
  expect(await receiver.forward(id, at(1, 3), "live")).toBe("gap");
  expect((await now())?.cursor).toBe(0);
  expect(await receiver.forward(id, at(1, 2), "live")).toBe("stored");
  expect(await receiver.forward(id, at(1, 2, 3), "live")).toBe("stored");
  expect(await receiver.forward(id, at(6), "page")).toBe("stored");
  expect((await now())?.cursor).toBe(6);
});

test("what is stored already changes nothing", async () => {
  const { receiver, changes } = await device();
  await receiver.forward(id, items, "page");
  const before = changes();
  expect(await receiver.forward(id, at(5, 6), "live")).toBe("stored");
  expect(changes()).toBe(before);
});

test("A5 what another tab stored meanwhile is not stored again: it is judged anew from there", async () => {
  const { receiver, now, beside, rows } = await device();
  await receiver.forward(id, at(1, 2), "page");
  beside((kept) => ({ ...kept, cursor: 4 }));
  expect(await receiver.forward(id, at(3, 4, 5), "page")).toBe("stored");
  expect([(await now())?.cursor, await rows()]).toEqual([5, [1, 2, 5]]);
});

test("a conversation that another tab forgot meanwhile is a gap, whichever way items came", async () => {
  const forward = await device();
  forward.forgottenBeside();
  expect(await forward.receiver.forward(id, items, "page")).toBe("gap");
  const tail = await device();
  tail.forgottenBeside();
  expect(await tail.receiver.tail(id, items, 6)).toBe("gap");
  const backward = await device({ oldest: 9, cursor: 9 });
  backward.forgottenBeside();
  await backward.receiver.backward(id, items);
  for (const { rows } of [forward, tail, backward]) expect(await rows()).toEqual([]);
});

test("K13 a tail is the beginning alone: whoever has something already, or got it meanwhile, keeps that", async () => {
  const { receiver, now } = await device();
  expect(await receiver.tail(id, items, 6)).toBe("stored");
  expect((await now())?.cursor).toBe(6);
  const begun = await device({ cursor: 3 });
  expect(await begun.receiver.tail(id, items, 6)).toBe("stored");
  const raced = await device();
  raced.beside((kept) => ({ ...kept, cursor: 3 }));
  expect(await raced.receiver.tail(id, items, 6)).toBe("stored");
  for (const one of [begun, raced]) {
    expect([(await one.now())?.cursor, await one.rows()]).toEqual([3, []]);
  }
  // It was not even opened.
  expect(begun.changes()).toBe(0);
});

test("backwards only what is older than what is here is stored, also when another tab was quicker", async () => {
  const { receiver, rows, now, beside } = await device();
  await receiver.tail(id, at(1, 2, 6), 6);
  expect([(await now())?.oldest, await rows()]).toEqual([6, [1, 2, 6]]);
  beside((kept) => ({ ...kept, oldest: 5 }));
  await receiver.backward(id, at(4, 5, 6));
  expect([(await now())?.oldest, await rows()]).toEqual([4, [1, 2, 4, 6]]);
});

test("C5 a fork ends what is stored, and the conversation", async () => {
  const { receiver, now } = await device();
  await receiver.forward(id, at(1, 2, 3), "page");
  const tips = (await now())?.tips ?? {};
  const [key = "", tip] = Object.entries(tips)[0] ?? [];
  const forked = {
    [key]: { deviceSeq: tip?.deviceSeq ?? 0, digest: flipped(tip?.digest ?? here) },
  };
  const blocked = await device({ tips: forked });
  expect(await blocked.receiver.forward(id, items, "page")).toBe("blocked");
  expect([(await blocked.now())?.blocked, await blocked.rows()]).toEqual([FORK, [1, 2]]);
});

test("C5 a fork among old places ends what is stored of them as well", async () => {
  const { receiver, now, rows, beside } = await device();
  await receiver.tail(id, at(1, 2, 6), 6);
  beside((kept) => ({
    ...kept,
    firsts: { [patientDevice]: { seq: 6, deviceSeq: 4, prev: here } },
  }));
  await receiver.backward(id, at(3, 4, 5));
  expect([(await now())?.blocked, await rows()]).toEqual([FORK, [1, 2, 6]]);
});

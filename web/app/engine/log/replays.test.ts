import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { bytes, me, row, them } from "../timeline/effects-view.test-kit.ts";
import { isBelowNewest, isNotOlder, withoutReplays } from "./replays.ts";

const device = bytes(32, 9);
const own = { account: me.account, device: bytes(32, 2) };
const empty = newConversation({ title: "", owner: me.account, createdAt: 1 });
const key = toBase64url(device);
const digest = row(them, 3).digest;

/** How often what is stored was read for a message of this number, and whether the message is left. */
async function judged(
  n: number,
  needs: typeof isBelowNewest,
  change: Partial<KeptConversation>,
  isOwn = false,
) {
  let reads = 0;
  const message = { ...row(them, n), device: isOwn ? own.device : device };
  const kept = await withoutReplays(
    own,
    { ...empty, ...change },
    [{ seq: 9, row: message }],
    needs,
    () => {
      reads += 1;
      return Promise.resolve([message]);
    },
  );
  return [reads, kept.length];
}

test("M6 what is stored is read only for a number that may have come before: forwards, below the newest", async () => {
  const ends = { tips: { [key]: { deviceSeq: 3, digest } } };
  expect(await judged(4, isBelowNewest, ends)).toEqual([0, 1]);
  expect(await judged(9, isBelowNewest, ends)).toEqual([0, 1]);
  expect(await judged(2, isBelowNewest, ends)).toEqual([1, 0]);
});

test("M6 backwards, not below the oldest", async () => {
  const ends = { firsts: { [key]: { seq: 9, deviceSeq: 3, prev: row(them, 2).digest } } };
  expect(await judged(2, isNotOlder, ends)).toEqual([0, 1]);
  expect(await judged(3, isNotOlder, ends)).toEqual([1, 0]);
});

test("M6 an own one, no higher than what was acknowledged, or than what was found again of a lost chain", async () => {
  const acknowledged = { acknowledged: { deviceSeq: 3, seq: 4 } };
  expect(await judged(4, isBelowNewest, acknowledged, true)).toEqual([0, 1]);
  expect(await judged(3, isBelowNewest, acknowledged, true)).toEqual([1, 0]);
  const found = { ownChain: "found" as const, own: { deviceSeq: 2, digest } };
  expect(await judged(3, isBelowNewest, found, true)).toEqual([0, 1]);
  expect(await judged(2, isBelowNewest, found, true)).toEqual([1, 0]);
});

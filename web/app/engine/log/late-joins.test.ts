import { expect, test } from "vitest";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import { deliver, readerOf } from "../../../core/people.test-kit.ts";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { type UnderstandContext, understand } from "./understand.ts";

const { owner, patient, suite, created, joined, together } = await newCare("late joins");
const id = conversationIdText(together.id);
const expiry = created.checked.core.pending[0]!.expiry;

const historyOf = (account: Uint8Array) =>
  [owner, patient].find((one) => toBase64url(one.account) === toBase64url(account))?.history;
const context = {
  deps: { suite },
  directory: { historyOf, load: () => Promise.resolve(), fetch: () => Promise.resolve() },
  self: owner.account,
  reader: readerOf(owner),
} as unknown as UnderstandContext;

/** Which bundles are said to be late, when the server took the join at this time. */
async function late(at: number) {
  const items: LogItem[] = [
    { seq: 1, at, bundle: deliver(created.upload, owner.account) },
    { seq: 2, at, bundle: deliver(joined.upload, owner.account) },
  ];
  const { rows } = await understand(context, id, EMPTY_CHAIN, items);
  return rows.map(({ row }) => row.type === "bundle" && row.late === true);
}

test("I4 a join that the server took after the invitation had ended is said to be late, and nothing else is", async () => {
  expect(await late(expiry - 1)).toEqual([false, false]);
  expect(await late(expiry)).toEqual([false, false]);
  expect(await late(expiry + 1)).toEqual([false, true]);
});

import { expect, test } from "vitest";
import type { ReceiptHeader } from "../../protocol/receipt.ts";
import { type SlotState, decideReceipt } from "./receipt-slot.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const author = { account: bytes(1), device: bytes(2) };
const header: ReceiptHeader = {
  v: 1,
  conversation: bytes(3),
  n: 4,
  head: bytes(5),
  ...author,
  manifestVersion: 1,
  counter: 7,
  salt: bytes(6),
};
const body = bytes(9);
const state: SlotState = {
  conversation: bytes(3),
  head: 4,
  isMember: true,
  slot: { counter: 6, body: bytes(8) },
};
const decide = (change: Partial<ReceiptHeader> = {}, now: Partial<SlotState> = {}) => {
  const decision = decideReceipt({ ...state, ...now }, { ...header, ...change }, body, author);
  return decision.kind === "refuse" ? decision.error : decision.kind;
};

test("M10 a higher counter takes the slot, and the first one does (positive control)", () => {
  expect(decide()).toBe("keep");
  expect(decide({ counter: 1 }, { slot: undefined })).toBe("keep");
  expect(decide({ n: 3 })).toBe("keep");
});

test("M10 an equal or lower counter is refused, unless these very bytes are held", () => {
  expect(decide({ counter: 6 })).toBe("stale_version");
  expect(decide({ counter: 5 })).toBe("stale_version");
  expect(decide({}, { slot: { counter: 7, body } })).toBe("known");
});

test("M10 nobody writes another's receipt, another conversation's, or one of a bundle to come", () => {
  expect(decide({ account: bytes(7) })).toBe("bad_request");
  expect(decide({ device: bytes(7) })).toBe("bad_request");
  expect(decide({ conversation: bytes(7) })).toBe("bad_request");
  expect(decide({ n: 5 })).toBe("bad_request");
  expect(decide({}, { isMember: false })).toBe("not_found");
});

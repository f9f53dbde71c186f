import { expect, test } from "vitest";
import { judgeState } from "./judge-state.ts";
import { newConversation } from "../conversation/kept.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const head = { n: 0, hash: bytes(32, 1) };
const chain = {
  seqs: [1],
  conversation: {
    id: bytes(32, 5),
    epochs: new Map(),
    // Only n and hash are compared.
    bundles: [{ hash: head.hash, core: { n: 0 } }],
  },
} as unknown as Parameters<typeof judgeState>[0]["chain"];
const record = {
  ...newConversation({ title: "", owner: bytes(32, 2), createdAt: 1 }),
  cursor: 10,
  own: { deviceSeq: 5, digest: bytes(32, 3) },
};
const held = { record, chain, waiting: 2 };
const state = { head, lastSeq: 10, deviceSeq: 4, received: [], receipts: [] };

test("M6: a server that has between what was acknowledged and what was assigned agrees", () => {
  for (const deviceSeq of [3, 4, 5]) {
    expect(judgeState(held, 5, { ...state, deviceSeq })).toBeNull();
  }
});

test("M6: a number beyond what this device assigned is one that the log has to show", () => {
  expect(judgeState(held, 5, { ...state, deviceSeq: 6 })).toBe("unknown-number");
});

test("M6: what was assigned after asking is not held against the server", () => {
  expect(judgeState(held, 7, { ...state, deviceSeq: 7 })).toBeNull();
});

test("C5: a server that forgot acknowledged messages or part of the log was rolled back", () => {
  expect(judgeState(held, 5, { ...state, deviceSeq: 2 })).toBe("rolled-back");
  expect(judgeState(held, 5, { ...state, lastSeq: 9 })).toBe("rolled-back");
});

test("C5: another bundle at the head's n is the server's word, and wanted", () => {
  const other = { n: 0, hash: bytes(32, 9) };
  expect(judgeState(held, 5, { ...state, head: other })).toBe("other-head");
  expect(judgeState(held, 5, { ...state, head: { n: 1, hash: bytes(32, 9) } })).toBeNull();
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../protocol/limits.ts";
import { TUNING } from "../settings.ts";
import {
  PHASES,
  type Phase,
  type StoredBlob,
  canName,
  decideBegin,
  decideCancel,
  decideFinish,
  decidePart,
  dueOf,
  isServed,
} from "./upload.ts";

const ME = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);
const ID = new Uint8Array(16).fill(3);
const MESSAGE = new Uint8Array(16).fill(4);

const row = (phase: Phase, change: Partial<StoredBlob> = {}): StoredBlob => ({
  blob: ID,
  account: ME,
  bytes: 1_000,
  phase,
  upload: null,
  at: 10_000,
  seq: null,
  message: null,
  ...change,
});
const budgets = {
  fileBytes: 1024 * 1024,
  conversationFileBytes: 10_000,
  openUploads: 2,
  openUploadsHere: 3,
};
const empty = { used: 0, unnamed: [] };
const phases = fc.constantFrom(...PHASES);
const begin = (
  known: StoredBlob | null,
  here = empty as Parameters<typeof decideBegin>[1],
  bytes = 1_000,
) => decideBegin(known, here, { account: ME, bytes }, budgets, 20_000);

describe("F1 beginning", () => {
  test("F1 is announced up to the last byte, and refused beyond it", () => {
    expect(begin(null, { used: 9_000, unnamed: [] })).toEqual({ kind: "announce", letGo: [] });
    expect(begin(null, { used: 9_001, unnamed: [] })).toMatchObject({ error: "quota_exceeded" });
    expect(begin(null, empty, 2 * 1024 * 1024)).toMatchObject({ error: "file_too_large" });
  });

  test("F1 again is the same upload, in each phase what it is", () => {
    const kinds = PHASES.map((phase) => {
      const decision = begin(row(phase));
      return decision.kind === "refuse" ? decision.error : decision.kind;
    });
    expect(kinds).toEqual(["ask", "known", "known", "blob_gone", "blob_gone"]);
  });

  test("F1 with other bytes or by another account it never goes on", () => {
    fc.assert(
      fc.property(
        phases,
        fc.integer({ min: 1, max: 2_000 }),
        fc.boolean(),
        (phase, bytes, isMine) => {
          const known = row(phase, { account: isMine ? ME : OTHER });
          const { kind } = begin(known, empty, bytes);
          if (!isMine || bytes !== known.bytes) expect(kind).toBe("refuse");
        },
      ),
    );
  });

  test("F1 at the cap the one that rested longest makes room, and only after an hour", () => {
    const unnamed = (account: Uint8Array, ...ats: number[]) =>
      ats.map((at) => ({ blob: new Uint8Array(16).fill(at % 251), account, at }));
    const now = 20_000 + TUNING.uploadIdleMs;
    const asked = { account: ME, bytes: 1 };
    const decide = (...list: ReturnType<typeof unnamed>) =>
      decideBegin(null, { used: 0, unnamed: list }, asked, budgets, now);
    expect(decide(...unnamed(ME, 20_001))).toEqual({ kind: "announce", letGo: [] });
    expect(decide(...unnamed(ME, 20_001, 20_002))).toEqual({
      kind: "refuse",
      error: "rate_limited",
      retryAfterMs: 1,
    });
    expect(decide(...unnamed(ME, 20_000, 20_002))).toEqual({
      kind: "announce",
      letGo: [new Uint8Array(16).fill(20_000 % 251)],
    });
    expect(decide(...unnamed(OTHER, 20_001, 20_002))).toEqual({ kind: "announce", letGo: [] });
    expect(decide(...unnamed(OTHER, 20_001, 20_002, 20_003))).toMatchObject({
      error: "rate_limited",
    });
  });
});

describe("F1 parts and the end", () => {
  test("F1 only the right length is stored, once, while the upload is open", () => {
    const part = fc.record({
      number: fc.integer({ min: 0, max: 3 }),
      length: fc.nat(1_200),
      isTaken: fc.boolean(),
    });
    fc.assert(
      fc.property(phases, part, (phase, offered) => {
        const { kind } = decidePart(row(phase), ME, offered);
        const isRight = offered.number === 1 && offered.length === 1_000;
        if (kind === "store")
          expect([phase, isRight, offered.isTaken]).toEqual(["open", true, false]);
        if (kind === "have") expect(isRight).toBe(true);
      }),
    );
    const right = { number: 1, length: 1_000, isTaken: false };
    expect(decidePart(row("open"), ME, right)).toEqual({ kind: "store" });
    expect(decidePart(row("open"), ME, { ...right, isTaken: true })).toEqual({ kind: "have" });
    expect(decidePart(row("complete"), ME, right)).toEqual({ kind: "have" });
    expect(decidePart(row("ended"), ME, right)).toMatchObject({ error: "blob_gone" });
    expect(decidePart(row("open"), OTHER, right)).toMatchObject({ error: "not_found" });
    expect(decidePart(null, ME, right)).toMatchObject({ error: "not_found" });
  });

  test("F1 a blob is made of all parts, not of some", () => {
    const two = row("open", { bytes: LIMITS.filePart + 1 });
    expect(decideFinish(two, ME, [1])).toMatchObject({ error: "upload_incomplete" });
    expect(decideFinish(two, ME, [1, 2])).toEqual({ kind: "assemble" });
    expect(decideFinish(row("complete"), ME, [])).toEqual({ kind: "done" });
    expect(decideFinish(row("removed"), ME, [1])).toMatchObject({ error: "blob_gone" });
    expect(decideFinish(two, OTHER, [1, 2])).toMatchObject({ error: "not_found" });
    expect(decideFinish(null, ME, [1])).toMatchObject({ error: "not_found" });
  });

  test("M5 what a message names is not cancelled, what has ended is, again", () => {
    expect(decideCancel(row("complete", { seq: 3 }), ME)).toMatchObject({
      error: "already_exists",
    });
    for (const phase of ["reserving", "open", "complete"] as const) {
      expect(decideCancel(row(phase), ME)).toEqual({ kind: "end" });
      expect(decideCancel(row(phase), OTHER)).toMatchObject({ error: "not_found" });
    }
    for (const phase of ["ended", "removed"] as const) {
      expect(decideCancel(row(phase), ME)).toEqual({ kind: "done" });
    }
    expect(decideCancel(null, ME)).toMatchObject({ error: "not_found" });
  });
});

describe("F2 naming and serving", () => {
  test("F2 a message names what is complete, its account's, and no other message's", () => {
    const other = new Uint8Array(16).fill(9);
    expect(canName(row("complete"), ME, MESSAGE)).toBe(true);
    expect(canName(row("complete", { seq: 3, message: MESSAGE }), ME, MESSAGE)).toBe(true);
    expect(canName(row("complete", { seq: 3, message: other }), ME, MESSAGE)).toBe(false);
    expect(canName(row("complete"), OTHER, MESSAGE)).toBe(false);
    expect(canName(null, ME, MESSAGE)).toBe(false);
    for (const phase of PHASES) {
      expect(canName(row(phase), ME, MESSAGE), phase).toBe(phase === "complete");
    }
  });

  test("F2 only what a message names is served", () => {
    for (const phase of PHASES) {
      expect(isServed(row(phase))).toBe(false);
      expect(isServed(row(phase, { seq: 3 })), phase).toBe(phase === "complete");
    }
    expect(isServed(null)).toBe(false);
  });
});

test("A6 whatever is not named has a time at which something happens to it by itself", () => {
  fc.assert(
    fc.property(phases, fc.option(fc.nat()), fc.nat(), (phase, seq, at) => {
      const due = dueOf({ phase, seq, at });
      const isNamed = seq !== null && (phase === "open" || phase === "complete");
      if (isNamed) expect(due).toBeNull();
      else expect(due).toBeGreaterThanOrEqual(at);
    }),
  );
  expect(dueOf(row("open"))).toBe(10_000 + LIMITS.uploadMs);
  expect(dueOf(row("complete"))).toBe(10_000 + LIMITS.uploadMs);
  expect(dueOf(row("ended"))).toBe(10_000);
  expect(dueOf(row("removed"))).toBe(10_000 + TUNING.lastPartMs);
});

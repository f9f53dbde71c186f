import { expect, test } from "vitest";
import { bytes, row } from "../timeline/effects-view.test-kit.ts";
import type { MessageRecord } from "../store/records.ts";
import { judgeTaken } from "./outbox-decisions.ts";

/** Places 10 to 20 are here, of 25; the server took number 4 of this device at 15. */
const kept = {
  oldest: 10,
  cursor: 20,
  lastSeq: 25,
  acknowledged: { deviceSeq: 4, seq: 15 },
};
const next = row(bytes(32, 1), 5);
const nothing = { stored: null, isDeleted: false };
const placeholder: MessageRecord = {
  type: "quarantined",
  at: 1,
  envelope: bytes(8, 1),
  reason: "signature",
  retry: true,
};

/** What is said of an acknowledgement of number 5 at this place. */
const at = (seq: number, held: Partial<typeof nothing> | { stored: MessageRecord } = {}) =>
  judgeTaken(kept, { seq, row: next, ...nothing, ...held });

test("M6 what is taken beyond what is stored here stands there", () => {
  expect(at(21)).toBe("put");
  expect(judgeTaken(kept, { seq: 9, row: row(bytes(32, 1), 3), ...nothing })).toBe("put");
});

test("M6 places rise with numbers, and what is said again is said of the same", () => {
  expect(at(14, { isDeleted: true })).toBe("fork");
  const before = { ...nothing, isDeleted: true, row: row(bytes(32, 1), 4) };
  expect(judgeTaken(kept, { seq: 16, ...before })).toBe("fork");
  expect(judgeTaken(kept, { seq: 15, ...before })).toBe("put");
});

test("M6 an empty place among what is stored is filled by the log, or nothing stands there", () => {
  expect(at(18)).toBe("later");
  expect(judgeTaken({ ...kept, lastSeq: 20 }, { seq: 18, row: next, ...nothing })).toBe("fork");
});

test("M5 M9 an empty place of what was deleted, and one that anybody may have filled, take it", () => {
  expect(at(18, { isDeleted: true })).toBe("put");
  expect(at(18, { stored: placeholder })).toBe("put");
});

test("M6 the log has it there, or another thing", () => {
  expect(at(18, { stored: next })).toBe("known");
  expect(at(18, { stored: row(bytes(32, 1), 6) })).toBe("fork");
  expect(at(18, { stored: { ...placeholder, vouched: true } })).toBe("fork");
});

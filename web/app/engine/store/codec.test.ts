import { expect, test } from "vitest";
import * as z from "zod/mini";
import { bytes32, time } from "../../../../workers/protocol/fields.ts";
import { CoreError } from "../../../core/errors.ts";
import { LOCAL_CAP, createCodec } from "./codec.ts";

let fill = 0;
const random = { bytes: (length: number) => new Uint8Array(length).fill(++fill) };
const codec = createCodec(new Uint8Array(32).fill(7), random);
const schema = z.object({ text: z.string(), at: time, id: z.nullable(bytes32) });
const value = { text: "one", at: 5, id: null };

function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error instanceof CoreError ? error.code : error;
  }
  return "taken";
}
const sealing = (given: unknown) =>
  refusal(() => codec.seal("state", "a", schema, given as typeof value));

test("E1 what is sealed opens by its schema at its own place, and nowhere else (control)", () => {
  const sealed = codec.seal("messages", ["c", 1], schema, value);
  expect(codec.open("messages", ["c", 1], sealed, schema)).toEqual(value);
  expect(codec.open("messages", ["c", 2], sealed, schema)).toBeNull();
  expect(codec.open("outbox", ["c", 1], sealed, schema)).toBeNull();
});

test("E1 what could not be read back is not written: it breaks its schema, or has no encoding", () => {
  expect(sealing(value)).toBe("taken");
  expect(sealing({ ...value, at: -2_208_988_800_000 })).toBe("unstorable");
  expect(sealing({ ...value, id: undefined })).toBe("unstorable");
  expect(sealing({ ...value, at: Number.NaN })).toBe("unstorable");
  expect(sealing({ ...value, text: undefined })).toBe("unstorable");
});

test("E1 what is over the cap is not written: the last that fits can be read", () => {
  const around = 4 + 1 + 5 + 3 + 1 + 3 + 1;
  const longest = { ...value, text: "a".repeat(LOCAL_CAP - around - 8) };
  const sealed = codec.seal("state", "a", schema, longest);
  expect(codec.open("state", "a", sealed, schema)).toEqual(longest);
  expect(sealing({ ...value, text: "a".repeat(LOCAL_CAP) })).toBe("unstorable");
});

test("E1 damaged bytes, and a value of another shape, are told from what is there", () => {
  const sealed = codec.seal("state", "a", schema, value);
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  expect(codec.open("state", "a", sealed, schema)).toBeNull();
  const other = codec.seal("state", "a", z.unknown(), { text: 1 });
  expect(codec.open("state", "a", other, schema)).toBeNull();
  expect(codec.open("state", "a", new Uint8Array(3), schema)).toBeNull();
});

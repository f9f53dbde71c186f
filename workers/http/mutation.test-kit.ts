import { decode } from "cborg";
import fc from "fast-check";
import { encodeCbor } from "../protocol/cbor.ts";

/** What almost what is allowed looks like: JSON, CBOR, and CBOR inside of CBOR. Pure: it runs in Node as well. */

/** What stands where something else was expected. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 53, "", "A", "AA==", "__proto__", [], {}),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.base64String({ maxLength: 60 }),
  fc.jsonValue({ maxDepth: 3 }),
);

type Change = (old: unknown) => unknown;

/** Exchanges, cuts or adds one byte. */
function editedBytes(bytes: Uint8Array, at: number, byte: number, kind: "set" | "cut" | "add") {
  const where = at % (bytes.length + 1);
  const rest = bytes.subarray(kind === "add" ? where : where + 1);
  return Uint8Array.of(...bytes.subarray(0, where), ...(kind === "cut" ? [] : [byte]), ...rest);
}

/** The same text with a character exchanged, cut or added: base64url of almost the right bytes. */
const textChange: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), fc.constantFrom("A", "_", "9", "=", ""), fc.boolean())
  .map(([at, char, isCut]) => (old) => {
    if (typeof old !== "string") return old;
    const where = at % (old.length + 1);
    return old.slice(0, where) + char + (isCut ? "" : old.slice(where + 1));
  });

const byteChange: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), fc.nat(255), fc.constantFrom("set", "cut", "add"))
  .map(([at, byte, kind]) => (old) => {
    return old instanceof Uint8Array ? editedBytes(old, at, byte, kind) : old;
  });

/** Every place in a value, as a path. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [path];
  const inner = Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]));
  return [path, ...inner];
}

function replaced(value: unknown, path: readonly string[], change: Change): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((part: unknown, i) =>
      String(i) === key ? replaced(part, rest, change) : part,
    );
  }
  const entries = Object.entries(Object(value));
  return Object.fromEntries(
    entries.map(([name, part]) => [name, name === key ? replaced(part, rest, change) : part]),
  );
}

export interface Edit {
  readonly place: number;
  readonly change: Change;
}

/** One place of a JSON value becomes something else. */
export const edit: fc.Arbitrary<Edit> = fc.record({
  place: fc.nat(),
  change: fc.oneof(
    odd.map((value) => () => value),
    textChange,
  ),
});

export function edited(value: unknown, { place, change }: Edit): unknown {
  const all = places(value);
  return replaced(value, all[place % all.length] ?? [], change);
}

export const extraQuery = fc.option(
  fc.tuple(fc.constantFrom("from", "after", "before", "at", "limit"), odd),
);

const cborEdit: fc.Arbitrary<Edit> = fc.record({
  place: fc.nat(),
  change: fc.oneof(
    odd.map((value) => () => value),
    fc.uint8Array({ maxLength: 80 }).map((value) => () => value),
    { arbitrary: byteChange, weight: 3 },
  ),
});

const decoded = (bytes: Uint8Array): unknown => {
  try {
    return decode(bytes);
  } catch {
    return null;
  }
};

/** An edit inside of CBOR, or deeper: of an envelope in a frame, of the header in that envelope. */
function editedCbor(bytes: Uint8Array, by: Edit, depth: number): Uint8Array {
  const value = decoded(bytes);
  if (typeof value !== "object" || value === null) return bytes;
  const all = places(value);
  const path = all[by.place % all.length] ?? [];
  const deeper: Change = (old) =>
    depth > 0 && old instanceof Uint8Array && typeof decoded(old) === "object"
      ? editedCbor(old, { ...by, place: Math.floor(by.place / all.length) }, depth - 1)
      : by.change(old);
  return encodeCbor(replaced(value, path, deeper));
}

/** What a socket is sent instead of a valid frame; a text, where only bytes are allowed, is one of them. */
export const frameEdit: fc.Arbitrary<(valid: Uint8Array) => Uint8Array | string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(cborEdit, fc.nat(3)).map(
      ([by, depth]) =>
        (valid: Uint8Array) =>
          editedCbor(valid, by, depth),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(byteChange, { minLength: 1, maxLength: 4 })
      .map((changes) => (valid: Uint8Array) => {
        return changes.reduce<unknown>((bytes, change) => change(bytes), valid) as Uint8Array;
      }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => () => bytes) },
  { weight: 1, arbitrary: odd.map((value) => () => encodeCbor(value)) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }).map((text) => () => text) },
);

import * as fc from "fast-check";
import * as z from "zod/mini";
import { describe, expect, expectTypeOf, test } from "vitest";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { NOW, seededRandom } from "../people.test-kit.ts";
import { CONTENT_SAMPLES, anyContent } from "./content.test-kit.ts";
import { type Content, KINDS, type Kind, outboxBody, rowBody } from "./content.ts";
import type { EveryTrait, kind } from "./kind.ts";
import { pad, unpad } from "./padding.ts";
import { decodePayload, encodePayload } from "./payload.ts";

type Traits = Omit<(typeof KINDS)["text"], "name" | "outbox" | "row" | "read" | "write">;
type Without<Trait extends keyof Traits> = Omit<Traits, Trait>;
/** The traits without which an entry would still compile. */
type Forgettable = {
  [Trait in keyof EveryTrait]: Without<Trait> extends EveryTrait ? Trait : never;
}[keyof EveryTrait];

const target = { device: new Uint8Array(32), deviceSeq: 1, digest: new Uint8Array(32), seq: 1 };
const samples = Object.values(CONTENT_SAMPLES).flat();
const random = seededRandom("content");

/** A payload as it would be sealed, with this body. */
const sealed = (name: string, body: unknown) =>
  pad(encodeCbor({ prev: null, kind: name, sentAt: NOW, blind: new Uint8Array(16), body }));
const bodyOf = (padded: Uint8Array) =>
  decodeCbor(unpad(padded), z.looseObject({ body: z.looseObject({}) }), LIMITS.envelope).body;

test("M1 a kind without every trait does not compile", () => {
  expectTypeOf<Traits>().toExtend<EveryTrait>();
  expectTypeOf<Forgettable>().toBeNever();
  expectTypeOf<keyof Traits>().toEqualTypeOf<keyof EveryTrait>();
  expectTypeOf<Parameters<typeof kind>[1]>().toExtend<EveryTrait>();
  expectTypeOf<typeof KINDS>().toExtend<Readonly<Record<string, EveryTrait>>>();
});

test("M5 a reaction is a picture, a flag or a keycap, and nothing that can be read", () => {
  const fits = (emoji: string) => KINDS.reaction.write({ kind: "reaction", target, emoji });
  const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
  const england = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
  for (const emoji of ["👍", "👍🏽", "❤️", "❤️‍🔥", "🇪🇸", "1️⃣", family, england, "👍👍"]) {
    expect(fits(emoji), emoji).toBeDefined();
  }
  for (const text of [
    "1",
    "123",
    "#",
    "*",
    "👍1",
    "1👍",
    "👍12345",
    "a",
    "👍a",
    "🇪",
    " ",
    "\u200d",
    "",
  ]) {
    expect(fits(text), text).toBeUndefined();
  }
});

test("M1 a kind is called the same in its entry, its payload and its rows", () => {
  expectTypeOf<Content["kind"]>().toEqualTypeOf<Kind>();
  for (const [name, one] of Object.entries(KINDS)) expect(one.name).toBe(name);
  expect(new Set(samples.map((content) => content.kind))).toEqual(new Set(Object.keys(KINDS)));
});

describe.each(samples)("a message of kind $kind", (content) => {
  const encoded = encodePayload(random, null, NOW, content);

  test("M1 says after the codec what it said before", () => {
    expect(decodePayload(encoded)).toEqual({ prev: null, sentAt: NOW, content });
  });

  test("E4 is refused with a field more", () => {
    const body = bodyOf(encoded);
    expect(decodePayload(sealed(content.kind, body)).content).toEqual(content);
    for (const more of [{ more: 1 }, { kind: content.kind }]) {
      expect(() => decodePayload(sealed(content.kind, { ...body, ...more }))).toThrow();
    }
  });

  test("M9 is refused, and nothing worse, where a field is missing or of another type", () => {
    const body = bodyOf(encoded);
    for (const field of Object.keys(body)) {
      expect(() => decodePayload(sealed(content.kind, { ...body, [field]: [1] }))).toThrow();
    }
    for (const other of [null, undefined, 1, "text", [], {}]) {
      expect(() => decodePayload(sealed(content.kind, other))).toThrow();
    }
  });

  test("A4 waits in the outbox and is stored in the log as it was said", () => {
    expect(outboxBody.parse(content)).toEqual(content);
    expect(rowBody.parse(content)).toEqual(content);
  });
});

test("M1 whatever may be said is the same after the codec, in the outbox and in the log", () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      const said = decodePayload(encodePayload(random, null, NOW, content)).content;
      expect(said).toEqual(content);
      expect(outboxBody.parse(said)).toEqual(content);
      expect(rowBody.parse(said)).toEqual(content);
    }),
  );
});

test("M5 what may be absent is left out of the sealed body where it says nothing", () => {
  const [deletion] = CONTENT_SAMPLES.deletion;
  const [text] = CONTENT_SAMPLES.text;
  const body = (content: Content) => bodyOf(encodePayload(random, null, NOW, content));
  expect(Object.keys(body({ ...deletion, edits: [] }))).toEqual(["target"]);
  expect(Object.keys(body({ ...text, reply: undefined }))).toEqual(["text"]);
});

test("M1 what a content has beside its fields is not sealed", () => {
  const [text] = CONTENT_SAMPLES.text;
  const more = { ...text, more: "secret" };
  expect(bodyOf(encodePayload(random, null, NOW, more))).not.toHaveProperty("more");
});

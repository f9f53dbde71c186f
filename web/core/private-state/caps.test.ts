import { expect, test } from "vitest";
import type * as z from "zod/mini";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { newKemKey } from "../crypto/kem.ts";
import { codeOf, seededRandom } from "../people.test-kit.ts";
import { DRAFT_TEXT, draftRecord } from "./drafts.ts";
import { privateKeys, privateName, sealPrivate } from "./keys.ts";
import { mergePreferences } from "./preferences.ts";
import { openPrivateRecord } from "./records.ts";
import { TEMPLATE_LIMITS } from "./template-limits.ts";
import { template, templatesRecord } from "./templates.ts";

const random = seededRandom("caps of private records");
const keys = privateKeys(random.bytes(32), [newKemKey(random)]);
const id = random.bytes(16);
const text = (length: number) => "a".repeat(length);
const one = { id, name: "a", text: "a" };

test.each<[string, z.ZodMiniType, (count: number) => unknown, number, number]>([
  [
    "characters of a draft",
    draftRecord,
    (n) => ({ kind: "draft", conversation: random.bytes(32), text: text(n), at: 1 }),
    0,
    DRAFT_TEXT,
  ],
  [
    "characters of a template's name",
    template,
    (n) => ({ ...one, name: text(n) }),
    1,
    TEMPLATE_LIMITS.name,
  ],
  [
    "characters of a template",
    template,
    (n) => ({ ...one, text: text(n) }),
    1,
    TEMPLATE_LIMITS.text,
  ],
  [
    "templates",
    templatesRecord,
    (n) => ({ kind: "templates", list: Array.from({ length: n }, () => one) }),
    0,
    TEMPLATE_LIMITS.count,
  ],
])("K9 %s: from the least to the most, and no other number", (_, schema, of, least, most) => {
  const isTaken = (count: number) => schema.safeParse(of(count)).success;
  expect([isTaken(least), isTaken(most), isTaken(most + 1)]).toEqual([true, true, false]);
  if (least > 0) expect(isTaken(least - 1)).toBe(false);
});

test("K9 a name of 200 characters is opened, a longer one is not", async () => {
  const opening = (length: number) => {
    const place = { name: privateName(keys, ["profile", null]), version: 1 };
    const plain = encodeCbor({ kind: "profile", name: text(length) });
    const value = sealPrivate(random, keys, place, plain);
    return codeOf(() => openPrivateRecord(keys, place, value));
  };
  expect(await opening(200)).toBe("none");
  expect(await opening(201)).toBe("open_failed");
});

test("K9 of two devices' switches each keeps what it changed, on or off", () => {
  const on = { receipts: true, typing: true, presence: true };
  const off = { receipts: false, typing: false, presence: false };
  expect(mergePreferences(on, off, ["typing"])).toEqual({ ...on, typing: false });
  expect(mergePreferences(off, on, ["presence"])).toEqual({ ...off, presence: true });
  expect(mergePreferences(off, on, [])).toEqual(off);
});

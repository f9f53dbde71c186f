import { describe, expect, test } from "vitest";
import { newKemKey } from "../crypto/kem.ts";
import { seededRandom } from "../people.test-kit.ts";
import { DRAFT_TEXT } from "./drafts.ts";
import { privateKeys } from "./keys.ts";
import { sealPrivateRecord } from "./records.ts";
import { TEMPLATE_LIMITS } from "./template-limits.ts";
import { type Template, fitsTemplates, withTemplateChange } from "./templates.ts";

const random = seededRandom("templates");
const keys = privateKeys(random.bytes(32), [newKemKey(random)]);
const make = (name: string, text = "x"): Template => ({ id: random.bytes(16), name, text });
const [one, two, three] = [make("one"), make("two"), make("three")];
const namesOf = (list: readonly Template[]): string[] => list.map(({ name }) => name);

describe("K9: a change of the templates is applied to what another device left", () => {
  test("K9 what was added on two devices stays, and an edit takes its old place", () => {
    const theirs = withTemplateChange([one], { type: "save", template: two });
    const both = withTemplateChange(theirs, { type: "save", template: three });
    expect(namesOf(both)).toEqual(["one", "two", "three"]);
    const edited = withTemplateChange(both, { type: "save", template: { ...two, name: "2" } });
    expect(namesOf(edited)).toEqual(["one", "2", "three"]);
  });

  test("K9 one that was removed elsewhere while it was edited here comes back; removing twice is no fault", () => {
    const removed = withTemplateChange([one, two], { type: "remove", id: two.id });
    expect(namesOf(removed)).toEqual(["one"]);
    expect(withTemplateChange(removed, { type: "remove", id: two.id })).toEqual(removed);
    expect(namesOf(withTemplateChange(removed, { type: "save", template: two }))).toEqual([
      "one",
      "two",
    ]);
  });

  test("the limits of number, name, text and all of them together are kept", () => {
    const { count, name, text, total } = TEMPLATE_LIMITS;
    const many = Array.from({ length: count }, () => make("n"));
    expect(fitsTemplates(many)).toBe(true);
    expect(fitsTemplates([...many, make("n")])).toBe(false);
    expect(fitsTemplates([make("n".repeat(name), "x".repeat(text))])).toBe(true);
    expect(fitsTemplates([make("n".repeat(name + 1))])).toBe(false);
    expect(fitsTemplates([make("n", "x".repeat(text + 1))])).toBe(false);
    const heavy = Array.from({ length: total / text }, () => make("n", "x".repeat(text - 1)));
    expect(fitsTemplates(heavy)).toBe(true);
    expect(fitsTemplates([...heavy, make("n", "x")])).toBe(false);
  });

  test("K9 as many and as long as they may be, three bytes a character, they fit into one record", () => {
    const { count, total } = TEMPLATE_LIMITS;
    const each = total / count;
    const list = Array.from({ length: count }, () => make("一", "一".repeat(each - 1)));
    expect(fitsTemplates(list)).toBe(true);
    expect(() => sealPrivateRecord(random, keys, { kind: "templates", list }, 0)).not.toThrow();
    const conversation = random.bytes(32);
    const draft = { kind: "draft" as const, conversation, text: "一".repeat(DRAFT_TEXT), at: 1 };
    expect(() => sealPrivateRecord(random, keys, draft, 0)).not.toThrow();
  });
});

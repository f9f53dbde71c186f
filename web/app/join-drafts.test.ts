import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinDrafts, withOffered } from "./join-drafts.ts";

describe("K9: drafts that were written apart", () => {
  it.each([
    ["Hello", "Hello Ana", "Hello Ana"],
    ["Hello Ana", "Hello", "Hello Ana"],
    ["Hello", "", "Hello"],
    ["", "Hello", "Hello"],
    ["Oats", "Beans", "Oats\nBeans"],
    ["Oats\nBeans", "Beans", "Oats\nBeans"],
    ["look", "ok", "look\nok"],
  ])("%j and %j become %j", (theirs, mine, joined) => {
    expect(joinDrafts(theirs, mine)).toBe(joined);
  });

  it("keep every word of both, and joining once more changes nothing", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (theirs, mine) => {
        const joined = joinDrafts(theirs, mine);
        for (const text of [theirs, mine]) {
          if (text.trim() !== "") expect(joined).toContain(text);
        }
        expect(joinDrafts(joined, mine)).toBe(joined);
      }),
    );
  });
});

describe("a text from another device while one types", () => {
  it.each([
    ["Hello", "Hello", "Hello Ana", "Hello Ana"],
    ["Hello", "Hello", "", ""],
    ["Oats and", "Oats", "Beans\nOats", "Beans\nOats and"],
    ["typed", "", "theirs", "theirs\ntyped"],
    ["typed", "old", "", "typed"],
  ])("a box of %j that was %j takes in %j as %j", (box, before, after, shown) => {
    expect(withOffered(box, before, after)).toBe(shown);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summary } from "../fake-models.test-kit.ts";
import { CHIPS, arrange, countsOf, matches } from "./arrange.ts";

describe("finding by name", () => {
  it.each([
    ["José Pérez Núñez", "jose", true],
    ["José Pérez Núñez", "NUÑ", true],
    ["José Pérez Núñez", "nun per", true],
    ["José Pérez Núñez", "erez", false],
    ["José Pérez Núñez", "jose x", false],
    ["Ana M.", "ana m.", true],
    ["Ana-Lucía O'Brien", "luc", true],
    ["Ana-Lucía O'Brien", "o'br", true],
    ["李小龙", "李", true],
    ["Ana", "  ", true],
    ["🥑 Luis", "🥑", true],
    ["Ana", "🥑", false],
    ["Ana M.", " . ", true],
    ["", "a", false],
  ])("%j by %j: %s", (title, query, found) => expect(matches(title, query)).toBe(found));

  it("finds every name by any beginning of any of its words, whatever the accents and capitals", () => {
    const word = fc.stringMatching(/^[a-zA-ZáéíóúñüÁÑ]{1,8}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.nat(),
        (name, w, n) => {
          const chosen = name[w % name.length] ?? "";
          const typed = chosen.slice(0, 1 + (n % chosen.length));
          expect(matches(name.join(" "), typed.toUpperCase())).toBe(true);
          expect(matches(name.join(" ").normalize("NFD"), typed)).toBe(true);
        },
      ),
    );
  });
});

const rows = fc.uniqueArray(
  fc
    .record({
      name: fc.string({ minLength: 1, maxLength: 3 }),
      pinned: fc.boolean(),
      muted: fc.boolean(),
      archived: fc.boolean(),
      waitingForYou: fc.boolean(),
      unread: fc.nat(2),
      lastAt: fc.nat(3),
    })
    .map(({ name, ...change }) => summary(name, "Ana", change)),
  { selector: ({ id }) => id },
);

describe("the order", () => {
  it("is the same whatever order they came in, pinned first and then the newest", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...CHIPS), (all, chip) => {
        const shown = arrange(all, chip, "");
        expect(arrange(all.toReversed(), chip, "")).toEqual(shown);
        for (const [n, here] of shown.entries()) {
          const next = shown[n + 1];
          if (!next) break;
          expect(Number(here.pinned)).toBeGreaterThanOrEqual(Number(next.pinned));
          if (here.pinned === next.pinned) expect(here.lastAt).toBeGreaterThanOrEqual(next.lastAt);
        }
      }),
    );
  });

  it("shows each conversation in exactly one of all and archived, and counts what it shows", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const ids = [...arrange(all, "all", ""), ...arrange(all, "archived", "")].map(
          ({ id }) => id,
        );
        expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
        const counts = countsOf(all);
        for (const chip of CHIPS) expect(counts[chip]).toBe(arrange(all, chip, "").length);
      }),
    );
  });

  it("leaves what is muted out of what is unread", () => {
    const muted = summary("m", "Ana", { muted: true, unread: 3, waitingForYou: true });
    expect(countsOf([muted])).toEqual({ all: 1, waiting: 1, unread: 0, archived: 0 });
  });
});

import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { allGuards, guardsOf } from "./guards.mjs";
import { instrumented } from "./instrument.mjs";
import { drift, survivors } from "./pinned.mjs";

const keysOf = (code: string) =>
  guardsOf("a.ts", code).map(({ key }) => key.slice("a.ts | ".length));

type Judge = (...given: unknown[]) => unknown;

/** The function `f` of this code, with these guards out. */
function without(code: string, ...out: number[]): Judge {
  const guards = guardsOf("a.js", code).map((guard, n) => ({ ...guard, n }));
  const world = { thymeGuardIsOff: (n: number) => out.includes(n) };
  return runInNewContext(`${instrumented(code, guards)}; f;`, world) as Judge;
}

const refusing = `
function f(a, b) {
  if (a < 0 || b < 0) throw new Error("no");
  return a + b;
}`;

test("the list of checks is that of the code: `npm run test:mutations -- --list` refreshes it", () => {
  const { unlisted, gone } = drift(allGuards().map(({ key }) => key));
  expect([...unlisted.map((key) => `+ ${key}`), ...gone.map((key) => `- ${key}`)]).toEqual([]);
});

test("a reason to survive speaks of a check that is listed", () => {
  const keys = new Set(allGuards().map(({ key }) => key));
  const named = [...survivors()].flatMap(([key, reason]) =>
    "with" in reason ? [key, ...reason.with] : [key],
  );
  expect(named.filter((key) => !keys.has(key))).toEqual([]);
});

test("each part of a refusing condition is a guard, and none of what only chooses", () => {
  const code = `
    function f(a: number, b: number): number {
      if (a < 0 || b < 0) throw new Error();
      if (a > b) return g(a);
      for (const one of [a]) { if (one === b) continue; }
      return a;
    }`;
  expect(keysOf(code)).toEqual([
    "f | refusal | a < 0",
    "f | refusal | b < 0",
    "f | refusal | one === b",
  ]);
});

test("a call of what never returns is a refusal, also after ??", () => {
  const code = `
    const refuse = (): never => { throw new Error(); };
    function f(a?: number) {
      const b = a ?? refuse();
      if (b > 1) refuse();
    }`;
  expect(keysOf(code)).toEqual(["f.b | refusal | refuse()", "f | refusal | b > 1"]);
});

test("what a named function says as yes or no is a guard in each of its parts", () => {
  const code = `
    const isA = (a: number) => a > 1 && a < 9;
    function has(a: string[]): boolean { return a.includes("x") || a.length > 3; }
    const sum = (a: number) => a + 1;
    const some = [1].filter((a) => a > 1);`;
  expect(keysOf(code)).toEqual([
    "isA | judge | a > 1",
    "isA | judge | a < 9",
    `has | judge | a.includes("x")`,
    "has | judge | a.length > 3",
  ]);
});

test("each check of a schema is a guard, but not what alters; and what the platform is asked to be strict about", () => {
  const code = `
    const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(9));
    const tx = db.transaction("a", "readwrite", { durability: "strict" });
    const key = subtle.generateKey(algorithm, false, []);`;
  expect(keysOf(code)).toEqual([
    "name | schema | z.minLength(1)",
    "name | schema | z.maxLength(9)",
    `tx.durability | setting | "strict"`,
    "key | setting | false",
  ]);
});

test("a guard keeps its name when lines move, and two alike are told apart", () => {
  const one = "function f(a) { if (a) return; g(); if (a) return; }";
  const moved = "\n\nfunction f(a) {\n  if (a)\n    return;\n  g();\n  if (a) return;\n}";
  expect(keysOf(one)).toEqual(["f | refusal | a", "f | refusal | a | 2"]);
  expect(keysOf(moved)).toEqual(keysOf(one));
});

test("with all in place the code does what it did; without one that one alone is missing", () => {
  const whole = without(refusing);
  expect(whole(1, 2)).toBe(3);
  expect(() => whole(-1, 2)).toThrow("no");
  const first = without(refusing, 0);
  expect(first(-1, 2)).toBe(1);
  expect(() => first(1, -2)).toThrow("no");
});

test("guards within and beside each other are switched apart", () => {
  const code = `
const f = (list, low) => list.every((a) => { if (a === low) return false; return true; }) && list.length > 0;`;
  expect(without(code)([1], 1)).toBe(false);
  expect(without(code, 0)([1], 1)).toBe(true);
  expect(without(code, 2)([], 1)).toBe(true);
  expect(without(code)([], 1)).toBe(false);
});

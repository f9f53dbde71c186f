import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Person, signInAs } from "../accounts/person.test-kit.ts";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import { ERRORS } from "../protocol/errors.ts";
import { ROWS } from "./authorisation-rows.test-kit.ts";
import { type Asked, Browser } from "./browser.test-kit.ts";
import { makeWorld } from "./world.test-kit.ts";

const world = await makeWorld();
const isName = (name: string): name is EndpointName => name in ENDPOINTS;
const NAMES = Object.keys(ENDPOINTS).filter(isName);
/** mutated requests for each endpoint: a few thousand in all */
const RUNS = 75;

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 53, "", "A", "AA==", "__proto__", [], {}),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.base64String({ maxLength: 60 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Every place in a JSON value, as a path. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]));
  return [path, ...inner];
}

function replaced(
  value: unknown,
  path: readonly string[],
  change: (old: unknown) => unknown,
): unknown {
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

/** Another value, or the same text with a character exchanged, cut or added: base64url of almost the right bytes. */
const change: fc.Arbitrary<(old: unknown) => unknown> = fc.oneof(
  odd.map((value) => () => value),
  fc
    .tuple(fc.nat(), fc.constantFrom("A", "_", "9", "=", ""), fc.boolean())
    .map(([at, char, isCut]) => (old: unknown) => {
      if (typeof old !== "string") return old;
      const where = at % (old.length + 1);
      return old.slice(0, where) + char + (isCut ? "" : old.slice(where + 1));
    }),
);

const mutation = fc.record({
  place: fc.nat(),
  change,
  part: fc.constantFrom<"body" | "params" | "query">("body", "body", "body", "params", "query"),
  extra: fc.option(fc.tuple(fc.constantFrom("from", "after", "before", "at", "limit"), odd)),
});

type Edit = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(asked: Asked, edits: readonly Edit[]): Asked {
  let result: Asked = asked;
  for (const { place, change: by, part, extra } of edits) {
    const before: unknown = result[part] ?? {};
    const all = places(before);
    const after = replaced(before, all[place % all.length] ?? [], by);
    result = { ...result, [part]: part === "body" ? after : texts(after) };
    if (extra) result = { ...result, query: { ...result.query, [extra[0]]: String(extra[1]) } };
  }
  return result;
}
const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(Object(value)).map(([key, part]) => [key, String(part).slice(0, 2_000)]),
  );

const PEOPLE: readonly (Person | null)[] = [
  world.patient,
  world.practitioner,
  world.administrator,
  null,
];

const browsers = new Map<Person | null, Browser>();

/** Signed in as long as the session lasts, and never at one address for long: the handlers are to answer. */
async function browserOf(person: Person | null): Promise<Browser> {
  const before = browsers.get(person);
  const isUsable = before && (person === null) === (before.cookie === null);
  const browser = isUsable ? before : person ? await signInAs(person) : new Browser();
  browsers.set(person, browser);
  browser.move();
  return browser;
}

describe("whatever is asked, the answer is of the contract and never a 5xx", () => {
  test.each(NAMES)("%s", { timeout: 60_000 }, async (name) => {
    const { method } = ENDPOINTS[name];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PEOPLE),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        async (person, edits) => {
          const browser = await browserOf(person);
          const { body, ...asked } = mutate(await ROWS[name].ask(world, person), edits);
          const sent = method === "GET" ? asked : { ...asked, body };
          const { status, outcome } = await browser.call(name, sent);
          expect(status, outcome).toBeLessThan(500);
          if (outcome !== "ok") expect(ERRORS[outcome].status).toBe(status);
        },
      ),
      { numRuns: RUNS, seed: 5, endOnFailure: true },
    );
  });
});

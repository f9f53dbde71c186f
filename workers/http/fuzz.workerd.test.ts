import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Person, signInAs } from "../accounts/person.test-kit.ts";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import { ERRORS } from "../protocol/errors.ts";
import { ROWS } from "./authorisation-rows.test-kit.ts";
import { type Asked, Browser } from "./browser.test-kit.ts";
import { edit, edited, extraQuery } from "./mutation.test-kit.ts";
import { makeWorld } from "./world.test-kit.ts";

const world = await makeWorld();
const isName = (name: string): name is EndpointName => name in ENDPOINTS;
const NAMES = Object.keys(ENDPOINTS).filter(isName);
/** mutated requests for each endpoint: a few thousand in all */
const RUNS = 75;

const mutation = fc.record({
  edit,
  part: fc.constantFrom<"body" | "params" | "query">("body", "body", "body", "params", "query"),
  extra: extraQuery,
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(asked: Asked, edits: readonly Mutation[]): Asked {
  let result: Asked = asked;
  for (const { edit: by, part, extra } of edits) {
    const after = edited(result[part] ?? {}, by);
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

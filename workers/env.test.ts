import { describe, expect, test } from "vitest";
import { parseBudgets } from "./budgets.ts";
import { ConfigurationError, settingsOf } from "./env.ts";

const shard = { prepare: () => {} };
const SESSION_KEY = "a-session-key-of-thirty-two-chars";
const TOKEN = "a-setup-token-of-thirty-two-chars";
const read = (change: object) =>
  // Settings look at variables and shards only.
  settingsOf({
    ARCHIVE_0: shard,
    JURISDICTION: "",
    SESSION_KEY,
    ...change,
  } as unknown as Cloudflare.Env);
const problem = (change: object) => {
  try {
    read(change);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return null;
};

describe("settings", () => {
  test("nothing set is a local machine", () => {
    expect(read({})).toEqual({
      jurisdiction: null,
      setupToken: null,
      sessionKey: SESSION_KEY,
      origin: null,
      rpId: null,
      shards: [shard],
      budgets: parseBudgets(undefined),
    });
  });

  test("everything set", () => {
    const place = { JURISDICTION: "eu", D1_JURISDICTION: "eu", R2_JURISDICTION: "eu" };
    const site = { ORIGIN: "https://app.thyme.example", RP_ID: "thyme.example" };
    expect(read({ ...place, ...site, SETUP_TOKEN: TOKEN })).toMatchObject({
      jurisdiction: "eu",
      setupToken: TOKEN,
      origin: site.ORIGIN,
      rpId: site.RP_ID,
    });
  });

  test("a budget that is set replaces its default alone", () => {
    const { budgets } = read({ BUDGETS: '{"unboundSessions":3}' });
    expect(budgets).toEqual({ ...parseBudgets(undefined), unboundSessions: 3 });
  });

  test("are parsed once", () => {
    const env = { ARCHIVE_0: shard, JURISDICTION: "", SESSION_KEY } as unknown as Cloudflare.Env;
    expect(settingsOf(env)).toBe(settingsOf(env));
  });

  test.each([
    ["JURISDICTION", { JURISDICTION: "mars" }],
    ["D1_JURISDICTION", { JURISDICTION: "eu", R2_JURISDICTION: "eu" }],
    ["R2_JURISDICTION", { JURISDICTION: "eu", D1_JURISDICTION: "eu", R2_JURISDICTION: "us" }],
    ["D1_JURISDICTION", { D1_JURISDICTION: "eu" }],
    ["SETUP_TOKEN", { SETUP_TOKEN: "short" }],
    ["SESSION_KEY", { SESSION_KEY: undefined }],
    ["SESSION_KEY", { SESSION_KEY: "short" }],
    ["ORIGIN", { ORIGIN: "https://thyme.example/" }],
    ["ORIGIN", { ORIGIN: "thyme.example" }],
    ["RP_ID", { RP_ID: "https://thyme.example" }],
    ["RP_ID", { ORIGIN: "https://thyme.example", RP_ID: "other.example" }],
    ["ARCHIVE_0", { ARCHIVE_0: undefined }],
    ["ARCHIVE_1", { ARCHIVE_2: shard }],
    ["BUDGETS", { BUDGETS: "{" }],
    ["BUDGETS", { BUDGETS: '{"privateBytes":0}' }],
    ["BUDGETS", { BUDGETS: '{"privateByte":1}' }],
    ["BUDGETS", { BUDGETS: '{"fileBytes":104857601}' }],
  ])('decision "one jurisdiction": %s is refused by name', (name, change) => {
    expect(problem(change)).toContain(name);
  });

  test("a secret's value is not told", () => {
    expect(problem({ SETUP_TOKEN: "hunter2" })).not.toContain("hunter2");
  });

  test('decision "archive shards": shards are found by number, ten after nine', () => {
    const names = Array.from({ length: 12 }, (_, i) => [`ARCHIVE_${i}`, { prepare: i }]);
    expect(read(Object.fromEntries(names.toReversed())).shards).toEqual(
      names.map(([, binding]) => binding),
    );
  });
});

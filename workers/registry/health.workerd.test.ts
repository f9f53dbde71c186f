import { env } from "cloudflare:workers";
import { randomBytes } from "@noble/hashes/utils.js";
import { eq } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { db } from "../accounts/person.test-kit.ts";
import { conversations } from "../db/conversations.schema.ts";
import { Browser } from "../http/browser.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { backlogNow } from "./backlog-now.ts";
import { register } from "./conversation-registry.ts";

/** D1 as another object: what health knows of the one does not answer for the other. */
const sameDatabase = (): D1Database =>
  new Proxy(env.DB, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
const behindNow = (now = Date.now()) => backlogNow(sameDatabase(), now);

const conversation = (behindSince: number | null) => ({
  id: toBase64url(randomBytes(32)),
  owner: toBase64url(randomBytes(32)),
  shard: 0,
  shards: "[[1,0]]",
  createdAt: 1,
  behindSince,
  bytes: 0,
});

afterEach(async () => {
  vi.restoreAllMocks();
  await db.delete(conversations);
});

describe("health says how far behind conversations are", () => {
  test("nobody is behind: none, since never", async () => {
    await register(db, conversation(null));
    expect(await behindNow()).toEqual({ conversations: 0, since: null });
  });

  test("the one that is behind for longest says since when", async () => {
    const late = conversation(7_000);
    for (const row of [conversation(9_000), late, conversation(null)]) await register(db, row);
    const browser = new Browser();
    browser.around = { DB: sameDatabase() };
    const { behind } = await browser.get("health");
    expect(behind).toEqual({ conversations: 2, since: 7_000 });
    await db.delete(conversations).where(eq(conversations.id, late.id));
    expect(await behindNow()).toEqual({ conversations: 1, since: 9_000 });
  });

  test("what it knows is kept for ten seconds", async () => {
    const DB = sameDatabase();
    const none = { conversations: 0, since: null };
    expect(await backlogNow(DB, 1_000)).toEqual(none);
    await register(db, conversation(500));
    expect(await backlogNow(DB, 10_999)).toEqual(none);
    expect(await backlogNow(DB, 11_000)).toEqual({ conversations: 1, since: 500 });
  });

  test("counting reads the rows of those that are behind, and no other", async () => {
    for (let i = 0; i < 50; i++) await register(db, conversation(i < 2 ? 1 : null));
    const { meta } = await env.DB.prepare(
      "SELECT count(*), min(behind_since) FROM conversations WHERE behind_since IS NOT NULL",
    ).all();
    expect(meta.rows_read).toBeLessThan(10);
  });

  test("while D1 is away or does not answer it says that it does not know, and is well", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = () => Promise.reject(new Error("D1_ERROR: Network connection lost."));
    const hanging = () => new Promise<never>(() => {});
    const databaseThat = (answers: () => Promise<never>) => {
      const statement = { bind: () => statement, all: answers, raw: answers, first: answers };
      return { prepare: () => statement };
    };
    const browser = new Browser();
    browser.around = { DB: databaseThat(broken) };
    expect(await browser.get("health")).toMatchObject({ ok: true, behind: null });
    browser.around = { DB: databaseThat(hanging) };
    expect(await browser.get("health")).toMatchObject({ ok: true, behind: null });
  });
});

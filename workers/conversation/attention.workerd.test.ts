import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { toBase64url } from "../protocol/bytes.ts";
import { encodeConversationUp } from "../protocol/frames.ts";
import { LIMITS } from "../protocol/limits.ts";
import { text } from "../objects/rows.ts";
import { type Pair, both, open, seedPair, settled, withDeps } from "./scene.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

/** Everything this object has on disk, table by table. */
const onDisk = ({ stub }: Pair) =>
  runInDurableObject(stub, (_, state) => {
    const { sql } = state.storage;
    const tables = sql
      .exec(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
      )
      .toArray()
      .map(({ name }) => text(name));
    return JSON.stringify(
      tables.map((name) => [
        name,
        sql
          .exec(`SELECT * FROM ${name}`)
          .toArray()
          .map((row) =>
            Object.values(row).map((cell) =>
              cell instanceof ArrayBuffer ? toBase64url(new Uint8Array(cell)) : cell,
            ),
          ),
      ]),
    );
  });

/** How many rows each table has. Other conversations' archives are written whenever they are due. */
const inD1 = async ({ conversation }: Pair) => {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'",
  ).all<{ name: string }>();
  const own = "WHERE conversation = ?";
  const counts = results.map(({ name }) =>
    name === "envelopes"
      ? env.ARCHIVE_0.prepare(`SELECT count(*) AS n FROM ${name} ${own}`).bind(conversation)
      : env.DB.prepare(`SELECT count(*) AS n FROM ${name}`),
  );
  return Promise.all(counts.map((count) => count.first<number>("n")));
};

describe("typing and presence", () => {
  test("are told to the others who are connected, never to oneself", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    two.say({ t: "typing", on: true });
    const account = pair.patient.person.account.id;
    expect(await one.next("typing")).toEqual({ t: "typing", account, on: true });
    two.say({ t: "presence", on: true });
    expect(await one.next("presence")).toEqual({ t: "presence", account, on: true });
    await settled(two, pair.patient, pair);
    expect([...two.all("typing"), ...two.all("presence")]).toEqual([]);
  });

  test("are kept nowhere: disk and D1 are as before, and nothing wakes up", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    await runDurableObjectAlarm(pair.stub);
    const before = [await onDisk(pair), await inD1(pair)];
    for (const on of [true, false, true]) {
      two.say({ t: "typing", on });
      two.say({ t: "presence", on });
    }
    await one.until(() => one.all("presence").length === 3, "3 presences");
    expect([await onDisk(pair), await inD1(pair)]).toEqual(before);
    expect(await runDurableObjectAlarm(pair.stub)).toBe(false);
  });

  test("a newcomer learns who is present, over an eviction as far as the sockets go; a closed one is gone", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    two.say({ t: "presence", on: true });
    await one.next("presence");
    await evictDurableObject(pair.stub);
    const account = pair.patient.person.account.id;
    expect((await one.hello(2)).present).toEqual([account]);
    // Oneself is not among the others.
    expect((await two.hello(2)).present).toEqual([]);
    two.close();
    expect(await one.next("presence")).toEqual({ t: "presence", account, on: false });
    expect((await one.hello(2)).present).toEqual([]);
  });

  test("of two devices the last one to look away is what the others are told", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    const three = await open(pair.patient, pair);
    await three.hello(2);
    two.say({ t: "presence", on: true });
    await one.next("presence");
    three.say({ t: "presence", on: true });
    await one.next("presence");
    two.say({ t: "presence", on: false });
    expect(await one.next("presence")).toMatchObject({ on: true });
    three.close();
    expect(await one.next("presence")).toMatchObject({ on: false });
  });

  test("presence that was not told again in time has ended", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    two.say({ t: "presence", on: true });
    await one.next("presence");
    await withDeps(pair, (real) => ({ now: () => real.now() + LIMITS.presenceMs + 1 }));
    expect((await one.hello(2)).present).toEqual([]);
  });

  test("what comes too often is dropped without a word, and a message still goes", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    for (let i = 0; i < 200; i++) two.say({ t: "typing", on: true });
    await settled(two, pair.patient, pair);
    await one.untilItems(1);
    expect(one.all("typing").length).toBeGreaterThan(0);
    expect(one.all("typing").length).toBeLessThan(20);
    expect(two.all("refused")).toEqual([]);
  });

  test("before its hello a socket is nobody's presence, and a request over HTTP never is", async () => {
    const pair = await seedPair();
    const one = await open(pair.owner, pair);
    await one.hello(2);
    const two = await open(pair.patient, pair);
    two.say({ t: "presence", on: true });
    const frame = encodeConversationUp({ t: "presence", on: true });
    await pair.patient.person.browser.call("frames", {
      params: { conversation: toBase64url(pair.conversation) },
      body: { frames: [toBase64url(frame)] },
    });
    await settled(two, pair.patient, pair);
    await one.untilItems(1);
    expect(one.all("presence")).toEqual([]);
    expect((await one.hello(2)).present).toEqual([]);
  });
});

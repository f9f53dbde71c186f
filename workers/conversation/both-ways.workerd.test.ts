import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test, vi } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { inboxObject } from "../objects/objects.ts";
import { RequestPeer } from "../objects/peer.ts";
import { identityOf } from "../objects/peer-identity.ts";
import {
  StorageEraError,
  ensureStorage,
  openStorage,
  readStored,
} from "../objects/storage-version.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { deviceIdText } from "../protocol/ids.ts";
import type { Conversation } from "./conversation.ts";
import { type Pair, open, postBundle0, seedPair, stubOf } from "./scene.test-kit.ts";
import { openInbox, refusedUpgrade } from "./socket.test-kit.ts";
import { authorOf, createBundle } from "../protocol/bundle.test-kit.ts";
import { FORMAT } from "./tables/schema.ts";

vi.setConfig({ testTimeout: 30_000 });

/** Storage as the builds before eras left it. */
const OLD = "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID";

const dump = (stub: DurableObjectStub<Conversation>) =>
  runInDurableObject(stub, (_, { storage }) =>
    storage.sql
      .exec(
        "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name",
      )
      .toArray(),
  );

const versionOf = ({ stub }: Pair) =>
  runInDurableObject(stub, (_, { storage }) =>
    storage.sql.exec("SELECT era, version FROM storage_version").toArray(),
  );

describe('decision "both ways": a Conversation', () => {
  test("that a newer build has raised is served, keeps its version, and what that build has added", async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    await runInDurableObject(stub, ({ core }, { storage }) => {
      const { sql } = storage;
      sql.exec("UPDATE storage_version SET version = version + 3");
      for (const table of [
        "tail",
        "authors",
        "receipts",
        "invites",
        "bundles",
        "seals",
        "shards",
      ]) {
        sql.exec(`ALTER TABLE ${table} ADD COLUMN later TEXT DEFAULT 'kept'`);
      }
      sql.exec("CREATE TABLE later (x)");
      sql.exec("INSERT INTO outbox (task) VALUES (?)", encodeCbor({ kind: "later", to: 1 }));
      const progress = core.stores.meta.progress();
      core.stores.meta.putProgress({ ...progress, later: "kept" });
    });
    await evictDurableObject(stub);
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    await two.hello(2);
    one.send(...owner.writeMany(head, 2));
    await one.untilAcked(2);
    await two.untilItems(2);
    two.say({ t: "received", seq: 4 });
    await expect
      .poll(() => runInDurableObject(stub, ({ core }) => core.get().received.size))
      .toBeGreaterThan(0);
    await runDurableObjectAlarm(stub);
    expect(await versionOf(pair)).toEqual([{ era: 1, version: FORMAT.steps.length + 3 }]);
    const left = await runInDurableObject(stub, ({ core }, { storage }) => {
      core.stores.meta.putProgress(core.stores.meta.progress());
      return {
        progress: core.stores.meta.progress(),
        tasks: storage.sql.exec("SELECT id FROM outbox").toArray().length,
      };
    });
    expect(left).toMatchObject({ progress: { later: "kept" }, tasks: 1 });
  });

  test("tables of an older version are raised with what stands in them; the older build goes on", async () => {
    const { id } = await seedPerson("patient");
    const steps = ["CREATE TABLE a (x)", "ALTER TABLE a ADD y DEFAULT 2"];
    const [older, newer] = [
      { era: 1, steps: steps.slice(0, 1) },
      { era: 1, steps },
    ];
    await runInDurableObject(inboxObject(env, id), (_, { storage }) => {
      expect(openStorage(storage, older)).toBe(false);
      ensureStorage(storage, older);
      storage.sql.exec("INSERT INTO a (x) VALUES (1)");
      expect(openStorage(storage, newer)).toBe(true);
      expect(storage.sql.exec("SELECT x, y, version FROM a, storage_version").toArray()).toEqual([
        { x: 1, y: 2, version: 2 },
      ]);
      ensureStorage(storage, older);
      expect(readStored(storage.sql)).toEqual({ kind: "written", era: 1, version: 2 });
    });
  });

  test("of another era is refused with a sentence, untouched, by every way in", async () => {
    const owner = await seedPerson("practitioner");
    const genesis = createBundle(authorOf(owner.account), []);
    const stub = stubOf(genesis.core.conversation);
    await runInDurableObject(stub, (_, { storage }) => storage.sql.exec(OLD).toArray());
    await evictDurableObject(stub);
    const before = await dump(stub);
    expect((await postBundle0(owner, genesis)).outcome).toBe("unavailable");
    expect(await refusedUpgrade(owner, genesis.core.conversation)).toBe(503);
    const { account, id } = owner;
    const device = deviceIdText(account.devices[0]?.id ?? new Uint8Array());
    const who = identityOf({ account: id, device, session: "s" }, "a");
    const said = await runInDurableObject(stub, async (instance) => {
      await instance.alarm();
      const answers = [
        await instance.log(who, { after: 0, before: null, at: null, limit: 1 }),
        await instance.bundles(who, 0),
        await instance.recent(who),
        await instance.frames(who, [new Uint8Array([1])]),
        await instance.erase(who, { seq: 1, deletion: 2 }),
      ];
      expect(() => instance.core.standing(new RequestPeer(who))).toThrow(StorageEraError);
      return answers;
    });
    for (const answer of said) expect(answer).toMatchObject({ ok: false, error: "unavailable" });
    expect(await dump(stub)).toEqual(before);
    expect(new StorageEraError(0, 1).message).toMatch(/of era 0, and this build reads era 1/);
    // The positive control: the same request where nothing stands in the way.
    const other = createBundle(authorOf(owner.account), []);
    expect((await postBundle0(owner, other)).outcome).toBe("ok");
  });
});

describe('decision "both ways": an Inbox', () => {
  test("that a newer build has raised is served and keeps its version; of another era it is refused", async () => {
    const person = await seedPerson("patient");
    const stub = inboxObject(env, person.id);
    const activity = {
      conversation: randomBytes(32),
      shard: 0,
      head: 0,
      lastSeq: 3,
      lastAt: 3,
      others: 3,
    };
    await stub.activity(activity);
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec("UPDATE storage_version SET version = 9");
      storage.sql.exec("ALTER TABLE rows ADD COLUMN later TEXT");
      storage.sql.exec("UPDATE rows SET later = 'kept'");
    });
    await evictDurableObject(stub);
    await stub.activity({ ...activity, lastSeq: 4, others: 4 });
    const socket = await openInbox(person);
    expect((await socket.hello()).rows).toMatchObject([{ lastSeq: 4, unread: 4 }]);
    const rows = () =>
      runInDurableObject(stub, (_, { storage }) =>
        storage.sql.exec("SELECT later, version, era FROM rows, storage_version").toArray(),
      );
    expect(await rows()).toEqual([{ later: "kept", version: 9, era: 1 }]);
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec("UPDATE storage_version SET era = 2");
    });
    await evictDurableObject(stub);
    await expect(
      runInDurableObject(stub, (instance) => instance.activity({ ...activity, lastSeq: 5 })),
    ).rejects.toThrow(StorageEraError);
    expect(await rows()).toEqual([{ later: "kept", version: 9, era: 2 }]);
  });
});

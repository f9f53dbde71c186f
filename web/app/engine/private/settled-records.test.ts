import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { NOW, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { type PrivateKeys, privateKeys, privateName } from "../../../core/private-state/keys.ts";
import { type PrivateRecord, sealPrivateRecord } from "../../../core/private-state/records.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import type { Deps } from "../store/deps.ts";
import { newestOf, overwritable } from "./judge-records.ts";
import { loadPrivateRecords } from "./private-records.ts";

const suite = seededSuite("settled records");
const person = await newPerson(suite);
const { account, chain, prepared } = person;
const keys: PrivateKeys = privateKeys(account, prepared.userKeys);
const PROFILE = ["profile", null] as const;
const name = toBase64url(privateName(keys, PROFILE));
const profile = (said: string): PrivateRecord => ({ kind: "profile", name: said });

/** A device of the account, and what another one of it writes straight to the server. */
async function scene() {
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  server.now = NOW;
  const deps = server.device();
  const records = await loadPrivateRecords(deps, keys);
  return {
    server,
    deps,
    records,
    said: () => records.find("profile", () => true)?.name,
    elsewhere(said: string, replaces: number) {
      const { value, version } = sealPrivateRecord(suite.random, keys, profile(said), replaces);
      server.records.set(name, { version, value: toBase64url(value) });
    },
  };
}

/** Counts the values that the device writes into its store. */
function countWrites(deps: Deps) {
  const { write } = deps.store;
  const counted = { writes: 0 };
  Object.assign(deps.store, {
    write: (...given: Parameters<typeof write>) => {
      counted.writes += 1;
      return write(...given);
    },
  });
  return counted;
}

test("K9 a write that lost is built anew on the one that won; any other refusal is the end of it", async () => {
  const { server, records, elsewhere, said } = await scene();
  elsewhere("Ana", 0);
  await records.put(profile("Ana Morales"));
  expect([said(), server.records.get(name)?.version]).toEqual(["Ana Morales", 2]);
  let asked = 0;
  server.lies.putPrivate = () => {
    asked += 1;
    throw new ProtocolError("storage_full");
  };
  await expect(records.put(profile("B"))).rejects.toThrow("storage_full");
  expect(asked).toBe(1);
});

test("K9 a server that calls every write stale is asked a few times, and no more", async () => {
  const { server, records, elsewhere } = await scene();
  elsewhere("Ana", 0);
  let asked = 0;
  server.lies.putPrivate = () => {
    asked += 1;
    throw new ProtocolError("stale_version");
  };
  await expect(records.put(profile("B"))).rejects.toThrow("stale_version");
  expect(asked).toBe(5);
});

test("K9 what the store cannot keep is no refusal of the server's: it is thrown, never written over", async () => {
  const { server, deps, records, elsewhere } = await scene();
  elsewhere("Ana", 0);
  Object.assign(deps.store, { write: () => Promise.reject(new TypeError("the disk")) });
  await expect(records.put(profile("B"))).rejects.toThrow("the disk");
  await expect(records.sync()).rejects.toThrow("the disk");
  await expect(records.syncSome([name])).rejects.toThrow("the disk");
  expect(server.records.get(name)?.version).toBe(1);
});

test("K9 a record is found by its kind and by what is asked of it", async () => {
  const { records } = await scene();
  for (const at of [1, 2]) {
    await records.put({
      kind: "pin",
      account: new Uint8Array(32).fill(at),
      version: at,
      hash: new Uint8Array(32),
    });
  }
  expect(records.find("pin", ({ version }) => version === 2)?.account[0]).toBe(2);
  expect(records.find("pin", ({ version }) => version === 3)).toBeNull();
  expect(records.find("profile", () => true)).toBeNull();
});

test("K9 what is held is not taken again, by its name or in a page", async () => {
  const { deps, records, elsewhere, said } = await scene();
  elsewhere("Ana", 0);
  await records.refresh(PROFILE);
  expect(said()).toBe("Ana");
  const counted = countWrites(deps);
  await records.refresh(PROFILE);
  expect([await records.sync(), await records.syncSome([name])]).toEqual([0, 0]);
  expect(counted.writes).toBe(0);
});

test("K9 an answer that was under way while this device wrote is no rollback, one record or a page", async () => {
  const { server, records, elsewhere, said } = await scene();
  await records.put(profile("Ana"));
  const old = server.records.get(name)!;
  server.lies.privateRecord = async () => {
    await records.put(profile("Ana Morales"));
    return { key: name, ...old };
  };
  expect(await records.syncSome([name])).toBe(0);
  expect(said()).toBe("Ana Morales");
  // Nor where it had another device's, which this one has built on by now.
  elsewhere("Bea", 2);
  const theirs = server.records.get(name)!;
  server.lies.privateRecord = async () => {
    delete server.lies.privateRecord;
    await records.put(profile("Ana Morales"));
    return { key: name, ...theirs };
  };
  expect(await records.syncSome([name])).toBe(0);
  expect(said()).toBe("Ana Morales");
  const second = server.records.get(name)!;
  server.lies.privatePage = async () => {
    await records.put(profile("Ana M."));
    return { records: [{ key: name, ...second }], next: null };
  };
  expect(await records.sync()).toBe(0);
  expect(said()).toBe("Ana M.");
});

test("K9 another engine's news is recalled where it is newer, and never older", async () => {
  const { deps, records, said } = await scene();
  const beside = await loadPrivateRecords(deps, keys);
  await beside.put(profile("Ana"));
  await records.recall(PROFILE);
  expect(said()).toBe("Ana");
  await records.put(profile("Ana Morales"));
  const { value } = sealPrivateRecord(suite.random, keys, profile("an older one"), 0);
  const read = deps.store.read;
  Object.assign(deps.store, { read: () => Promise.resolve({ version: 1, value }) });
  await records.recall(PROFILE);
  expect(said()).toBe("Ana Morales");
  // Nor is what is held already opened again.
  const twin = sealPrivateRecord(suite.random, keys, profile("another one"), 1);
  Object.assign(deps.store, { read: () => Promise.resolve(twin) });
  await records.recall(PROFILE);
  Object.assign(deps.store, { read });
  expect(said()).toBe("Ana Morales");
});

test("K9 a server that shows two records of one version is not believed the second, while a write waits for it", async () => {
  const { server, records, elsewhere, said } = await scene();
  await records.put(profile("Ana"));
  elsewhere("Bea", 0);
  server.lies.putPrivate = () => {
    throw new ProtocolError("stale_version");
  };
  await expect(records.put(profile("Ana Morales"))).rejects.toThrow("stale_version");
  expect(said()).toBe("Ana");
});

test("E4 a record of a kind that this Thyme does not know is of no subject, and hides none", () => {
  const known = { record: profile("Ana"), stale: false } as const;
  const unknown = { record: { kind: "unknown", name: "recipe" }, stale: false } as const;
  expect(newestOf([unknown, known])).toEqual([known]);
});

test("K9 a server whose pages have no end is left: they go on in order, and an account has so many at most", async () => {
  const { server, records } = await scene();
  let asked = 0;
  const pages = (next: (n: number) => string, count: number) => {
    asked = 0;
    server.lies.privatePage = () => {
      if (++asked > 9) throw new Error("asked for ever");
      const row = { key: toBase64url(new Uint8Array(32).fill(asked)), version: 1, value: "AAAA" };
      return { records: Array.from({ length: count }, () => row), next: next(asked) };
    };
  };
  pages(() => "a", 1);
  await expect(records.sync()).rejects.toThrow("unbounded");
  expect(asked).toBe(2);
  pages((n) => `a${n}`, 0);
  await expect(records.sync()).rejects.toThrow("unbounded");
  expect(asked).toBe(1);
  pages((n) => `a${n}`, LIMITS.privateRecords / 2);
  await expect(records.sync()).rejects.toThrow("unbounded");
  expect(asked).toBe(3);
});

test("K6 a pin only rises: a lower or equal one is not told again", async () => {
  const { server, records } = await scene();
  const peer = new Uint8Array(32).fill(7);
  const pin = (version: number) => ({
    account: peer,
    version,
    hash: new Uint8Array(32).fill(version),
  });
  const key = toBase64url(privateName(keys, ["pin", peer]));
  // What is told takes its turn behind the one before.
  const settled = () => records.put(() => null);
  records.pinned(pin(3));
  await settled();
  expect([records.pinOf(peer)?.version, server.records.get(key)?.version]).toEqual([3, 1]);
  for (const version of [2, 3]) records.pinned(pin(version));
  await settled();
  expect([records.pinOf(peer)?.version, server.records.get(key)?.version]).toEqual([3, 1]);
  records.pinned(pin(4));
  await settled();
  expect([records.pinOf(peer)?.version, server.records.get(key)?.version]).toEqual([4, 2]);
});

test("K9 what does not open is written over from just above, and not from as high as would leave no versions", () => {
  expect(overwritable(3, 4)).toBe(4);
  expect(overwritable(3, 3)).toBe(0);
  expect(overwritable(3, 3 + 1_000_000)).toBe(3 + 1_000_000);
  expect(overwritable(3, 4 + 1_000_000)).toBe(0);
});

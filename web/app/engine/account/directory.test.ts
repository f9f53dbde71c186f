import { expect, test } from "vitest";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { newDevice } from "../../../core/account/device.ts";
import { type Pin, headOf, pinOf } from "../../../core/account/history.ts";
import { changed, codeOf, flipped, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import { manifestRecord } from "../store/records.ts";
import { createDirectory } from "./directory.ts";

const suite = seededSuite("directory");
const one = await newPerson(suite);
const two = await changed(suite, one, { addDevice: newDevice(suite.random) });
const three = await changed(suite, two, { addDevice: newDevice(suite.random) });
const { account, chain } = three;
const id = accountIdText(account);
const noPins = { pinOf: () => null, pinned: () => undefined };

async function device() {
  const deps = new AccountServer({ account, chain, seals: three.prepared.seals }).device();
  await createDirectory(deps, noPins).fetch(account, null);
  const versions = async () => {
    const span = { id, from: 1, to: 9 };
    const rows = await deps.store.readAll("accounts", manifestRecord, span);
    return rows.map(({ key }) => Number(key[1])).toSorted((a, b) => a - b);
  };
  return { deps, versions };
}

test("K5 manifests are kept a row a version, and found again", async () => {
  const { deps, versions } = await device();
  expect(await versions()).toEqual([1, 2, 3]);
  const found = await createDirectory(deps, noPins).load(account);
  expect(found && headOf(found).core.version).toBe(3);
});

test.each([
  [1, undefined],
  [2, 1],
  [3, 2],
])("E1 of manifest %i, which cannot be read, on, all are fetched again", async (lost, held) => {
  const { deps, versions } = await device();
  await deps.store.write(["accounts"], (writer) => writer.delete("accounts", [id, lost]));
  const directory = createDirectory(deps, noPins);
  const found = await directory.load(account);
  expect(found && headOf(found).core.version).toBe(held);
  expect(headOf(await directory.fetch(account, null)).core.version).toBe(3);
  expect(await versions()).toEqual([1, 2, 3]);
});

test("K6 what another device pinned is asked of every history that is fetched", async () => {
  const fetched = (pin: Pin | null) => {
    const deps = new AccountServer({ account, chain, seals: three.prepared.seals }).device();
    const pins = { pinOf: () => pin, pinned: () => undefined };
    return codeOf(() => createDirectory(deps, pins).fetch(account, null));
  };
  const pin = pinOf(three.history);
  expect(await fetched(pin)).toBe("none");
  expect(await fetched(pinOf(two.history))).toBe("none");
  expect(await fetched({ ...pin, version: 4 })).toBe("manifest_lower");
  expect(await fetched({ ...pin, hash: flipped(pin.hash) })).toBe("manifest_forked");
});

test("K6 what was fetched is pinned at once, and nothing again where nothing is new", async () => {
  const deps = new AccountServer({ account, chain, seals: three.prepared.seals }).device();
  const told: number[] = [];
  const pins = { pinOf: () => null, pinned: ({ version }: Pin) => void told.push(version) };
  const directory = createDirectory(deps, pins);
  await directory.fetch(account, null);
  await directory.fetch(account, null);
  expect(told).toEqual([3]);
});

import { expect, test } from "vitest";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import {
  decodeAccountSeals,
  decodeManifestCore,
  manifestHash,
} from "../../../../workers/protocol/manifest.ts";
import { findDevice } from "../../../../workers/protocol/manifest-rules.ts";
import { formatRecoveryCode } from "../../../core/crypto/recovery-code.ts";
import { nextManifest } from "../../../core/account/manifest.ts";
import { NOW, newPerson, seededSuite, unlockedOf } from "../../../core/people.test-kit.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import { IDENTITY_KEY, keepIdentity } from "../account/identity.ts";
import { PREPARED_KEY, holds, preparedRecord } from "../account/prepared-manifest.ts";
import { identityRecord } from "../store/records.ts";
import { createSignIn } from "./sign-in.ts";

const suite = seededSuite("answers lost at sign-in");
const person = await newPerson(suite);
const code = formatRecoveryCode(person.recoverySecret);

function begun() {
  const { account, chain, prepared } = person;
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  server.now = NOW;
  return { server, deps: server.device() };
}

test("A1 a manifest whose answer was lost is not signed anew: the device that it names goes on", async () => {
  const { server, deps } = begun();
  const honest = server.api();
  server.lies.putAccount = async (request) => {
    delete server.lies.putAccount;
    await honest.call("putAccount", request as never);
    throw new PlatformError("offline");
  };
  await expect(createSignIn(deps).withCode(code)).rejects.toThrow(PlatformError);
  const held = await deps.store.read("state", IDENTITY_KEY, identityRecord);
  const { identity, chain } = await createSignIn(deps).withCode(code);
  expect(server.puts).toBe(1);
  expect(chain).toHaveLength(2);
  expect(equalBytes(identity.device.id, held!.device)).toBe(true);
  const { devices, version } = decodeManifestCore(chain.at(-1)!.core);
  expect([devices.length, version]).toEqual([2, 2]);
  expect(identity.userKeys.map(({ seed }) => seed)).toEqual(
    person.prepared.userKeys.map(({ seed }) => seed),
  );
});

test("A1 a manifest that never arrived is dropped with its device's keys, and another one is signed", async () => {
  const { server, deps } = begun();
  server.lies.putAccount = () => {
    delete server.lies.putAccount;
    throw new PlatformError("offline");
  };
  await expect(createSignIn(deps).withCode(code)).rejects.toThrow(PlatformError);
  const held = await deps.store.read("state", IDENTITY_KEY, identityRecord);
  const { identity, chain } = await createSignIn(deps).withCode(code);
  expect(server.puts).toBe(1);
  const core = decodeManifestCore(chain.at(-1)!.core);
  expect(findDevice(core, held!.device)).toBeUndefined();
  expect(findDevice(core, identity.device.id)).toBeDefined();
});

test("A1 a device that another one ended since is not taken up again, though its manifest arrived", async () => {
  const { server, deps } = begun();
  const first = await createSignIn(deps).withCode(code);
  const { device } = first.identity;
  const held = await deps.store.read("state", PREPARED_KEY, preparedRecord);
  expect(holds(server.shows.chain, held!)).toBe(true);
  const seals = decodeAccountSeals(server.shows.seals);
  const next = await nextManifest(
    suite,
    { core: decodeManifestCore(held!.signed.core), hash: manifestHash(held!.signed.core) },
    { ...unlockedOf(person), recipients: seals },
    { revokeDevices: [device.id] },
    NOW,
  );
  server.shows = {
    ...server.shows,
    chain: [...server.shows.chain, next.signed],
    seals: next.seals,
  };
  const second = await createSignIn(deps).withCode(code);
  expect(equalBytes(second.identity.device.id, device.id)).toBe(false);
});

test("A1 keys of a device that is bound are not taken for those of one that waits", async () => {
  const { server, deps } = begun();
  const first = await createSignIn(deps).withCode(code);
  await keepIdentity(deps.store, first.identity);
  const second = await createSignIn(deps).withCode(code);
  expect(server.puts).toBe(2);
  expect(equalBytes(first.identity.device.id, second.identity.device.id)).toBe(false);
});

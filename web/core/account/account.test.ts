import { describe, expect, test } from "vitest";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { accountIdOf, deviceIdOf } from "../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { findDevice, verifyManifest } from "../../../workers/protocol/manifest-rules.ts";
import { decodeAccountSeals, manifestHash } from "../../../workers/protocol/manifest.ts";
import { nobleVerifier, verifySigned } from "../../../workers/protocol/signing.ts";
import { deviceSessionBytes } from "../../../workers/protocol/invitation.ts";
import { ed25519PublicKey } from "../crypto/ed25519.ts";
import { recoveryProof, recoveryUnlockKey } from "../crypto/recovery-code.ts";
import { prfUnlockKey, unlockEntry } from "../crypto/unlock.ts";
import { NOW, changed, codeOf, newPerson, seededSuite, unlockedOf } from "../people.test-kit.ts";
import { signDeviceSession } from "./device-session.ts";
import { manifestDevice, newDevice } from "./device.ts";
import { headOf } from "./history.ts";
import { addDevice, unseenLongest } from "./add-device.ts";
import { accountIdOfSeed, newAccount, nextManifest } from "./manifest.ts";
import { openDeviceSeal, openUnlockSeal } from "./seals.ts";

const suite = seededSuite("account");
const output = suite.random.bytes(32);
const prf = prfUnlockKey(output);

describe("a new account", async () => {
  const person = await newPerson(suite, prf);
  const { core } = person.prepared.verified;

  test("K1 its id is of its key, known before the manifest is made", () => {
    expect(person.account).toEqual(accountIdOf(core.accountPub));
    expect(accountIdOfSeed(person.accountSeed)).toEqual(person.account);
  });

  test("K2 its device id is of the device's signing key", () => {
    expect(person.device.id).toEqual(deviceIdOf(person.device.signPub));
    expect(findDevice(core, person.device.id)?.signPub).toEqual(person.device.signPub);
    const [sealed] = decodeAccountSeals(person.prepared.seals).devices;
    expect([sealed?.device, sealed?.kemPub]).toEqual([
      person.device.id,
      person.device.kem.publicKey,
    ]);
  });

  test("K5, K10 manifest version 1 verifies, with code and passkey as unlock methods", async () => {
    const verified = await verifyManifest(nobleVerifier, person.prepared.signed, null);
    expect(verified).toEqual(person.prepared.verified);
    expect(core.unlocks.map(({ kind }) => kind)).toEqual(["code", "prf"]);
  });

  test("K4, K5 code and passkey each open account seed and user keys; the device the user keys", () => {
    const { userKeys, seals } = person.prepared;
    const both = [recoveryUnlockKey(person.recoverySecret), prfUnlockKey(output)];
    for (const key of both) {
      expect(openUnlockSeal(core, seals, key)).toEqual(unlockedOf(person));
    }
    expect(openDeviceSeal(core, seals, person.device)).toEqual({ userKeys });
  });

  test("K4 another code or passkey opens nothing", async () => {
    const other = recoveryUnlockKey(suite.random.bytes(16));
    const open = () => openUnlockSeal(core, person.prepared.seals, other);
    expect(await codeOf(open)).toBe("open_failed");
  });

  test("K8 the account seed is in nothing that is kept", () => {
    const flat = (value: unknown): string =>
      JSON.stringify(value, (_, v: unknown) => (v instanceof Uint8Array ? v.join() : v));
    const { account, device, prepared } = person;
    expect(flat({ account, device, prepared })).not.toContain(person.accountSeed.join());
  });

  test("K11 the recovery proof finds and proves, and is not what unlocks", async () => {
    const made = await newAccount(suite, {
      accountSeed: person.accountSeed,
      recoverySecret: person.recoverySecret,
      prfUnlock: null,
      now: NOW,
    });
    expect(made.recovery).toEqual(recoveryProof(person.recoverySecret));
    expect(made.recovery.auth).not.toEqual(recoveryUnlockKey(person.recoverySecret).kem.seed);
  });

  test("K12 a device's answer to a challenge verifies for this account and challenge only", async () => {
    const challenge = suite.random.bytes(32);
    const signature = await signDeviceSession(person.signer, person.account, challenge);
    const verify = (account: Uint8Array, asked: Uint8Array) =>
      verifySigned(
        nobleVerifier,
        "sign-device-session",
        person.device.signPub,
        deviceSessionBytes(account, asked),
        signature,
      );
    expect(await verify(person.account, challenge)).toBe(true);
    expect(await verify(challenge, challenge)).toBe(false);
    expect(await verify(person.account, person.account)).toBe(false);
  });
});

describe("changes of an account", async () => {
  const person = await newPerson(suite, prf);
  const secrets = unlockedOf(person);
  const before = headOf(person.history);
  const never = () => null;
  const nobody = { lastSeen: never, departed: [] };

  /** The account with as many devices as it may have, as its unlock methods open it. */
  function atTheCap() {
    const devices = Array.from({ length: LIMITS.devices - 1 }, (_, i) =>
      manifestDevice({ signPub: ed25519PublicKey(suite.random.bytes(32)) }, NOW + 1 + i),
    );
    const core = { ...before.core, devices: [...before.core.devices, ...devices] };
    const { kemPub } = secrets.recipients.devices[0]!;
    const recipients = {
      ...secrets.recipients,
      devices: core.devices.map(({ signPub }) => ({ device: deviceIdOf(signPub), kemPub })),
    };
    const full = { core, hash: manifestHash(encodeCbor(core)) };
    return { devices, full, unlocked: { ...secrets, recipients } };
  }

  test("K13 a new device gets all user keys in manifest version 2; the generation stays", async () => {
    const { device, prepared, revoked } = await addDevice(suite, before, secrets, nobody, NOW);
    const after = await verifyManifest(nobleVerifier, prepared.signed, before);
    expect(revoked).toBeNull();
    expect([after.core.version, after.core.generation]).toEqual([2, 1]);
    expect(openDeviceSeal(after.core, prepared.seals, device).userKeys).toEqual(secrets.userKeys);
    expect(openDeviceSeal(after.core, prepared.seals, person.device).userKeys).toEqual(
      secrets.userKeys,
    );
  });

  test("K3 revoking a device advances the generation with a key that it does not get", async () => {
    const second = newDevice(suite.random);
    const two = await changed(suite, person, { addDevice: second });
    const one = await changed(suite, two, { revokeDevices: [second.id] });
    const core = headOf(one.history).core;
    await verifyManifest(nobleVerifier, one.prepared.signed, headOf(two.history));
    expect([core.version, core.generation, one.prepared.userKeys.length]).toEqual([3, 2, 2]);
    expect(core.gone).toEqual([{ device: second.id, how: "revoked", at: NOW }]);
    const open = () => openDeviceSeal(core, one.prepared.seals, second);
    expect(await codeOf(open)).toBe("seals_refused");
    const code = openUnlockSeal(core, one.prepared.seals, recoveryUnlockKey(person.recoverySecret));
    expect(code.userKeys.map(({ seed }) => seed)).toEqual(
      one.prepared.userKeys.map(({ seed }) => seed),
    );
  });

  test("K3 removing an unlock method advances the generation; adding one does not", async () => {
    const added = await changed(suite, person, {
      addUnlock: {
        kind: "prf",
        ...unlockEntry(prfUnlockKey(suite.random.bytes(32)), person.account),
      },
    });
    await verifyManifest(nobleVerifier, added.prepared.signed, before);
    expect(headOf(added.history).core.generation).toBe(1);
    const [, second] = headOf(added.history).core.unlocks;
    if (!second) throw new RangeError("no second unlock");
    const removed = await changed(suite, added, { removeUnlocks: [second.id] });
    await verifyManifest(nobleVerifier, removed.prepared.signed, headOf(added.history));
    expect(headOf(removed.history).core.generation).toBe(2);
  });

  test("K2 at 16 devices the one unseen longest is revoked, by last session, else by addition", async () => {
    const { devices, full, unlocked } = atTheCap();
    const stale = deviceIdOf(devices[7]?.signPub ?? new Uint8Array());
    const lastSeen = (id: Uint8Array) => (equalBytes(id, stale) ? NOW - 10 : NOW + 5);
    expect(unseenLongest(full.core, lastSeen)).toEqual(stale);
    expect(unseenLongest(full.core, never)).toEqual(person.device.id);
    const made = await addDevice(suite, full, unlocked, { lastSeen, departed: [] }, NOW);
    expect(made.revoked).toEqual(stale);
    const after = await verifyManifest(nobleVerifier, made.prepared.signed, full);
    expect([after.core.devices.length, after.core.generation]).toEqual([LIMITS.devices, 2]);
    const over = nextManifest(suite, full, unlocked, { addDevice: newDevice(suite.random) }, NOW);
    expect(await codeOf(() => over)).toBe("too_long");
  });

  test("K3 no cap ends an account: after the last generation a revocation goes on under its key", async () => {
    const two = await changed(suite, person, { addDevice: newDevice(suite.random) });
    const core = { ...headOf(two.history).core, generation: LIMITS.generations };
    const last = { core, hash: manifestHash(encodeCbor(core)) };
    const revokeDevices = [person.device.id];
    const next = await nextManifest(suite, last, unlockedOf(two), { revokeDevices }, NOW);
    expect(next.verified.core.generation).toBe(LIMITS.generations);
    expect(next.userKeys).toEqual(secrets.userKeys);
    const none = { ...before.core, devices: [] };
    expect(await codeOf(() => unseenLongest(none, never))).toBe("not_allowed");
  });

  test("K3 a departure keeps the generation while it is young, and begins one after seven days", async () => {
    const second = newDevice(suite.random);
    const two = await changed(suite, person, { addDevice: second });
    const head = headOf(two.history);
    const departDevices = [{ device: second.id, time: NOW + 5 }];
    const young = await nextManifest(suite, head, unlockedOf(two), { departDevices }, NOW + 5);
    await verifyManifest(nobleVerifier, young.signed, head);
    expect(young.verified.core.gone).toEqual([{ device: second.id, how: "departed", at: NOW + 5 }]);
    expect([young.verified.core.generation, young.userKeys.length]).toEqual([1, 1]);
    const open = () => openDeviceSeal(young.verified.core, young.seals, second);
    expect(await codeOf(open)).toBe("seals_refused");
    const later = NOW + LIMITS.generationMs;
    const change = { addDevice: newDevice(suite.random) };
    const left = { ...secrets, recipients: decodeAccountSeals(young.seals) };
    const old = await nextManifest(suite, young.verified, left, change, later);
    await verifyManifest(nobleVerifier, old.signed, young.verified);
    expect([old.verified.core.generation, old.userKeys.length]).toEqual([2, 2]);
  });

  test("K2 K3 devices that departed make room: at the cap nobody is revoked", async () => {
    const { devices, full, unlocked } = atTheCap();
    const left = deviceIdOf(devices[3]?.signPub ?? new Uint8Array());
    const known = { lastSeen: never, departed: [{ device: left, time: NOW }] };
    const made = await addDevice(suite, full, unlocked, known, NOW);
    await verifyManifest(nobleVerifier, made.prepared.signed, full);
    expect(made.revoked).toBeNull();
    expect(made.prepared.verified.core.devices.length).toBe(LIMITS.devices);
    expect(findDevice(made.prepared.verified.core, left)).toBeUndefined();
  });

  test("K5 what is not there cannot be revoked or removed", async () => {
    const unknown = suite.random.bytes(32);
    expect(await codeOf(() => changed(suite, person, { revokeDevices: [unknown] }))).toBe(
      "not_allowed",
    );
    expect(
      await codeOf(() => changed(suite, person, { removeUnlocks: [unknown.slice(0, 16)] })),
    ).toBe("not_allowed");
  });
});

import { describe, expect, test } from "vitest";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { deviceIdOf } from "../../../workers/protocol/ids.ts";
import type { SignedManifest } from "../../../workers/protocol/manifest.ts";
import { manifestHash, sealsHash } from "../../../workers/protocol/manifest.ts";
import { nobleVerifier } from "../../../workers/protocol/signing.ts";
import { type KemSecret, newKemKey } from "../crypto/kem.ts";
import { recoveryUnlockKey } from "../crypto/recovery-code.ts";
import { seal } from "../crypto/seal.ts";
import { NOW, changed, codeOf, flipped, newPerson, seededSuite } from "../people.test-kit.ts";
import { newDevice } from "./device.ts";
import { verifyHistory } from "./verify-history.ts";
import {
  type ManifestHistory,
  type Pin,
  headOf,
  higherPin,
  manifestAt,
  pinOf,
  restoreHistory,
} from "./history.ts";
import { nextManifest } from "./manifest.ts";
import { makeSeals, openDeviceSeal, openUnlockSeal } from "./seals.ts";

const suite = seededSuite("history");
const one = await newPerson(suite);
const two = await changed(suite, one, { addDevice: newDevice(suite.random) });
const three = await changed(suite, two, { addDevice: newDevice(suite.random) });
/** Signed by the account key, but beside version 3: what a thief of the key or a clone would make. */
const fork = await changed(suite, two, { addDevice: newDevice(suite.random) });
const stranger = await newPerson(suite);

const verify = (
  chain: readonly SignedManifest[],
  known: ManifestHistory | null = null,
  pin: Pin | null = null,
) => verifyHistory(nobleVerifier, one.account, chain, known, pin);

describe("the manifest chain of an account", () => {
  test("K6 verifies from version 1, and onwards from what is held (positive control)", async () => {
    expect(await verify(three.chain)).toEqual(three.history);
    expect(await verify(three.chain.slice(2), two.history)).toEqual(three.history);
    expect(await verify(three.chain, two.history, pinOf(two.history))).toEqual(three.history);
    expect(await verify([], two.history, pinOf(two.history))).toEqual(two.history);
    expect(manifestAt(three.history, 2)?.core.version).toBe(2);
    expect(manifestAt(three.history, 4)).toBeUndefined();
    expect(manifestAt(three.history, 0)).toBeUndefined();
  });

  test("K5 what was verified once is not verified again, unless it is other bytes or after another one", async () => {
    let verified = 0;
    const counting: typeof nobleVerifier = {
      verify(...args) {
        verified += 1;
        return nobleVerifier.verify(...args);
      },
    };
    const chain = three.chain.map((signed) => ({ ...signed }));
    const again = () => verifyHistory(counting, one.account, chain, null, null);
    await again();
    expect(await again()).toEqual(three.history);
    expect(verified).toBe(3);
    const [first, , third] = chain;
    if (!first || !third) throw new RangeError("chain");
    const short = () => verifyHistory(counting, one.account, [first, third], null, null);
    expect(await codeOf(short)).toBe("manifest_refused");
    const forged = { ...third, signature: flipped(third.signature) };
    const other = () =>
      verifyHistory(counting, one.account, [...chain.slice(0, 2), forged], null, null);
    expect(await codeOf(other)).toBe("manifest_refused");
  });

  test("K1 another account's chain, however good, is refused", async () => {
    expect(await codeOf(() => verify(stranger.chain))).toBe("manifest_refused");
  });

  test("K5 a bad signature, a skipped or a repeated version is refused", async () => {
    const [first, second, third] = three.chain;
    if (!first || !second || !third) throw new RangeError("chain");
    const unsigned = { ...second, signature: flipped(second.signature) };
    expect(await codeOf(() => verify([first, unsigned]))).toBe("manifest_refused");
    expect(await codeOf(() => verify([first, third]))).toBe("manifest_refused");
    expect(await codeOf(() => verify([second]))).toBe("manifest_refused");
    expect(await codeOf(() => verify([first, first]))).toBe("manifest_refused");
    const malformed = { core: new Uint8Array([0xff]), signature: first.signature };
    expect(await codeOf(() => verify([malformed]))).toBe("manifest_refused");
    expect(await codeOf(() => verify([malformed], one.history))).toBe("manifest_refused");
  });

  test("K3 a device that went is never live again, also when the account's own key says so", async () => {
    const device = newDevice(suite.random);
    const more = await changed(suite, one, { addDevice: device });
    const gone = await changed(suite, more, { revokeDevices: [device.id] });
    const known = headOf(gone.history);
    // As if its name had been folded away long ago.
    const forgetful = { ...known, core: { ...known.core, gone: [] } };
    const held = { account: one.account, manifests: [...more.history.manifests, forgetful] };
    const secrets = { accountSeed: one.accountSeed, userKeys: gone.prepared.userKeys };
    const next = (addDevice: typeof device) =>
      nextManifest(suite, forgetful, secrets, { addDevice }, NOW);
    const back = await next(device);
    expect(await codeOf(() => verify([back.signed], held))).toBe("manifest_refused");
    const other = await next(newDevice(suite.random));
    expect(await codeOf(() => verify([other.signed], held))).toBe("none");
  });

  test("K6 less than the pin is refused", async () => {
    const pin = pinOf(three.history);
    expect(await codeOf(() => verify(two.chain, null, pin))).toBe("manifest_lower");
    expect(await codeOf(() => verify([], two.history, pin))).toBe("manifest_lower");
    expect(await codeOf(() => verify([]))).toBe("manifest_lower");
    expect(await codeOf(() => verify(three.chain, null, pin))).toBe("none");
  });

  test("K6 another manifest of a pinned version is a fork", async () => {
    const pin = pinOf(three.history);
    expect(await codeOf(() => verify(fork.chain, null, pin))).toBe("manifest_forked");
    expect(await codeOf(() => verify(fork.chain, three.history))).toBe("manifest_forked");
    expect(await codeOf(() => verify(fork.chain, two.history))).toBe("none");
  });

  test("K6 of two pins the higher counts; two hashes of one version are a fork", async () => {
    const [low, high] = [pinOf(two.history), pinOf(three.history)];
    expect(higherPin(low, high)).toBe(high);
    expect(higherPin(high, low)).toBe(high);
    expect(higherPin(high, { ...high })).toEqual(high);
    expect(await codeOf(() => higherPin(high, pinOf(fork.history)))).toBe("manifest_forked");
  });

  test("K6 what this device kept is restored as it was", async () => {
    expect(await codeOf(() => restoreHistory([]))).toBe("manifest_refused");
    const none = { account: one.account, manifests: [] };
    expect(await codeOf(() => pinOf(none))).toBe("manifest_refused");
    expect(restoreHistory(three.chain.map(({ core }) => core))).toEqual(three.history);
  });
});

describe("seals beside a manifest", () => {
  const { core } = headOf(one.history);
  const { seals, userKeys } = one.prepared;
  const code = recoveryUnlockKey(one.recoverySecret);
  /** the manifest as if it named these seals: what a server would need the account key for */
  const naming = (bytes: Uint8Array) => ({ ...core, sealsHash: sealsHash(bytes) });

  test("K5 seals that the manifest does not name are refused", async () => {
    const again = makeSeals(suite.random, core, one.accountSeed, userKeys);
    expect(openUnlockSeal(core, seals, code).accountSeed).toEqual(one.accountSeed);
    expect(await codeOf(() => openUnlockSeal(core, again, code))).toBe("seals_refused");
    expect(await codeOf(() => openDeviceSeal(core, again, one.device))).toBe("seals_refused");
    const malformed = encodeCbor({ v: 1 });
    const open = () => openDeviceSeal(naming(malformed), malformed, one.device);
    expect(await codeOf(open)).toBe("seals_refused");
  });

  test("K5 an opened user seed has to match its public key in the manifest", async () => {
    const wrong = makeSeals(suite.random, core, one.accountSeed, [newKemKey(suite.random)]);
    expect(await codeOf(() => openUnlockSeal(naming(wrong), wrong, code))).toBe("seals_refused");
    expect(await codeOf(() => openDeviceSeal(naming(wrong), wrong, one.device))).toBe(
      "seals_refused",
    );
  });

  test("K5 the seeds before the newest have to be those that the manifest counts and hashes", async () => {
    const [key] = userKeys;
    if (!key) throw new RangeError("no key");
    const more = makeSeals(suite.random, core, one.accountSeed, [key, key]);
    expect(await codeOf(() => openDeviceSeal(naming(more), more, one.device))).toBe(
      "seals_refused",
    );
    const [, spare] = headOf(two.history).core.devices;
    const revokeDevices = [deviceIdOf(spare?.signPub ?? new Uint8Array())];
    const after = await changed(suite, two, { revokeDevices });
    const later = headOf(after.history).core;
    const newest = after.prepared.userKeys[1];
    if (!newest) throw new RangeError("no second key");
    const sealed = (keys: readonly KemSecret[]) =>
      makeSeals(suite.random, later, one.accountSeed, keys);
    const open = (bytes: Uint8Array) => () =>
      openDeviceSeal({ ...later, sealsHash: sealsHash(bytes) }, bytes, one.device);
    expect(await codeOf(open(sealed([key, newest])))).toBe("none");
    expect(await codeOf(open(sealed([newest])))).toBe("seals_refused");
    expect(await codeOf(open(sealed([newKemKey(suite.random), newest])))).toBe("seals_refused");
    expect(await codeOf(open(sealed([key, key])))).toBe("seals_refused");
  });

  test("K5 each device and method is given the newest seed alone; those before lie there once", async () => {
    const sizeOf = ({ prepared }: typeof one) => prepared.seals.length;
    let person = one;
    const sizes: number[] = [];
    for (let i = 0; i < 4; i++) {
      const device = newDevice(suite.random);
      const more = await changed(suite, person, { addDevice: device });
      person = await changed(suite, more, { revokeDevices: [device.id] });
      sizes.push(sizeOf(person));
    }
    const { userKeys: opened } = openDeviceSeal(
      headOf(person.history).core,
      person.prepared.seals,
      one.device,
    );
    expect(opened.map(({ seed }) => seed)).toEqual(
      person.prepared.userKeys.map(({ seed }) => seed),
    );
    expect(opened.length).toBe(5);
    const [, second = 0, , fourth = 0] = sizes;
    expect(fourth - second).toBe(2 * 34);
  });

  test("K5 an opened account seed has to match the account key", async () => {
    const wrong = makeSeals(suite.random, core, stranger.accountSeed, userKeys);
    expect(await codeOf(() => openUnlockSeal(naming(wrong), wrong, code))).toBe("seals_refused");
    expect(await codeOf(() => openDeviceSeal(naming(wrong), wrong, one.device))).toBe("none");
  });

  test("K5 a device or method without a seal is told so", async () => {
    const none = encodeCbor({ v: 1, devices: [], unlocks: [], earlier: null });
    expect(await codeOf(() => openDeviceSeal(naming(none), none, one.device))).toBe(
      "seals_refused",
    );
    expect(await codeOf(() => openUnlockSeal(naming(none), none, code))).toBe("seals_refused");
  });

  test("K5 a seal that opens to something else is refused", async () => {
    const context = [core.account, one.device.id, core.generation] as const;
    const { publicKey } = one.device.kem;
    const bad = seal(suite.random, publicKey, "seal/device", context, encodeCbor({ a: 1 }));
    const bytes = encodeCbor({
      v: 1,
      devices: [{ device: one.device.id, seal: bad }],
      unlocks: [],
      earlier: null,
    });
    expect(await codeOf(() => openDeviceSeal(naming(bytes), bytes, one.device))).toBe(
      "seals_refused",
    );
  });

  test("K5 the chain is by the hash of the bytes", () => {
    expect(headOf(two.history).core.prev).toEqual(manifestHash(one.prepared.signed.core));
  });
});

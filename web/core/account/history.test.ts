import { describe, expect, test } from "vitest";
import type { SignedManifest } from "../../../workers/protocol/manifest.ts";
import { manifestHash } from "../../../workers/protocol/manifest.ts";
import { nobleVerifier } from "../../../workers/protocol/signing.ts";
import {
  NOW,
  changed,
  codeOf,
  flipped,
  newPerson,
  seededSuite,
  unlockedOf,
} from "../people.test-kit.ts";
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
    const next = (addDevice: typeof device) =>
      nextManifest(suite, forgetful, unlockedOf(gone), { addDevice }, NOW);
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

  test("K5 the chain is by the hash of the bytes", () => {
    expect(headOf(two.history).core.prev).toEqual(manifestHash(one.prepared.signed.core));
  });
});

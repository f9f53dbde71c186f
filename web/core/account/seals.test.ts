import { describe, expect, test } from "vitest";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { deviceIdOf } from "../../../workers/protocol/ids.ts";
import { decodeAccountSeals, sealsHash } from "../../../workers/protocol/manifest.ts";
import { type KemSecret, newKemKey } from "../crypto/kem.ts";
import { recoveryUnlockKey } from "../crypto/recovery-code.ts";
import { seal } from "../crypto/seal.ts";
import { prfUnlockKey } from "../crypto/unlock.ts";
import { changed, codeOf, newPerson, seededSuite, unlockedOf } from "../people.test-kit.ts";
import { newDevice } from "./device.ts";
import { headOf } from "./history.ts";
import { makeSeals, openDeviceSeal, openUnlockSeal } from "./seals.ts";

const suite = seededSuite("seals");
const one = await newPerson(suite, prfUnlockKey(suite.random.bytes(32)));
const two = await changed(suite, one, { addDevice: newDevice(suite.random) });
const stranger = await newPerson(suite);

describe("seals beside a manifest", () => {
  const { core } = headOf(one.history);
  const { seals, userKeys } = one.prepared;
  const unlocked = unlockedOf(one);
  const code = recoveryUnlockKey(one.recoverySecret);
  /** the manifest as if it named these seals: what a server would need the account key for */
  const naming = (bytes: Uint8Array) => ({ ...core, sealsHash: sealsHash(bytes) });

  test("K5 seals that the manifest does not name are refused", async () => {
    const again = makeSeals(suite.random, core, unlocked);
    expect(openUnlockSeal(core, seals, code).accountSeed).toEqual(one.accountSeed);
    expect(await codeOf(() => openUnlockSeal(core, again, code))).toBe("seals_refused");
    expect(await codeOf(() => openDeviceSeal(core, again, one.device))).toBe("seals_refused");
    const malformed = encodeCbor({ v: 1 });
    const open = () => openDeviceSeal(naming(malformed), malformed, one.device);
    expect(await codeOf(open)).toBe("seals_refused");
  });

  test("K5 an opened user seed has to match its public key in the manifest", async () => {
    const other = { ...unlocked, userKeys: [newKemKey(suite.random)] };
    const wrong = makeSeals(suite.random, core, other);
    expect(await codeOf(() => openUnlockSeal(naming(wrong), wrong, code))).toBe("seals_refused");
    expect(await codeOf(() => openDeviceSeal(naming(wrong), wrong, one.device))).toBe(
      "seals_refused",
    );
  });

  test("K5 the seeds before the newest have to be those that the manifest counts and hashes", async () => {
    const [key] = userKeys;
    if (!key) throw new RangeError("no key");
    const more = makeSeals(suite.random, core, { ...unlocked, userKeys: [key, key] });
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
      makeSeals(suite.random, later, { ...unlockedOf(after), userKeys: keys });
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
    const { accountSeed } = stranger;
    const wrong = makeSeals(suite.random, core, { ...unlocked, accountSeed });
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
    const sealing = (plain: unknown) => {
      const made = seal(suite.random, publicKey, "seal/device", context, encodeCbor(plain));
      const own = { device: one.device.id, kemPub: publicKey, seal: made };
      return encodeCbor({ ...decodeAccountSeals(seals), devices: [own] });
    };
    const good = sealing({ userSeed: userKeys[0]?.seed });
    expect(await codeOf(() => openDeviceSeal(naming(good), good, one.device))).toBe("none");
    const bytes = sealing({ a: 1 });
    expect(await codeOf(() => openDeviceSeal(naming(bytes), bytes, one.device))).toBe(
      "seals_refused",
    );
  });

  test("K2 K5 a device's seal has to be under its own key, whoever signed it", async () => {
    const { recipients } = unlocked;
    const [mine] = recipients.devices;
    const sealed = (kemPub: Uint8Array) => {
      const devices = [{ ...mine!, kemPub }];
      return makeSeals(suite.random, core, { ...unlocked, recipients: { ...recipients, devices } });
    };
    const own = sealed(one.device.kem.publicKey);
    expect(await codeOf(() => openDeviceSeal(naming(own), own, one.device))).toBe("none");
    const other = sealed(stranger.device.kem.publicKey);
    expect(await codeOf(() => openDeviceSeal(naming(other), other, one.device))).toBe(
      "seals_refused",
    );
    // The same seal that opens, under the name of another key.
    const good = decodeAccountSeals(own);
    const devices = good.devices.map((entry) => ({
      ...entry,
      kemPub: stranger.device.kem.publicKey,
    }));
    const renamed = encodeCbor({ ...good, devices });
    expect(await codeOf(() => openDeviceSeal(naming(renamed), renamed, one.device))).toBe(
      "seals_refused",
    );
  });

  test("K4 K5 a method's proof and its key are of one secret, and stand under one id", async () => {
    const good = decodeAccountSeals(seals);
    const renamed = (kemPub: (at: number) => Uint8Array) =>
      encodeCbor({
        ...good,
        unlocks: good.unlocks.map((entry, at) => ({ ...entry, kemPub: kemPub(at) })),
      });
    const open = (bytes: Uint8Array) => codeOf(() => openUnlockSeal(naming(bytes), bytes, code));
    expect(await open(renamed((at) => good.unlocks[at]!.kemPub))).toBe("none");
    const another = stranger.device.kem.publicKey;
    expect(await open(renamed(() => another))).toBe("seals_refused");
    expect(await open(renamed((at) => good.unlocks[1 - at]!.kemPub))).toBe("seals_refused");
  });

  test("K4 without its proof in the manifest a seal to this key is of somebody else's account", async () => {
    const [first, ...rest] = core.unlocks;
    const proof = suite.random.bytes(64);
    const forged = { ...core, unlocks: [{ ...first!, proof }, ...rest] };
    expect(await codeOf(() => openUnlockSeal(forged, seals, code))).toBe("account_substituted");
  });

  test("E7 K5 nothing is opened, and so nothing signed, beside a key that is not admissible", async () => {
    const good = decodeAccountSeals(two.prepared.seals);
    const later = headOf(two.history).core;
    const bad = Uint8Array.from(one.device.kem.publicKey).fill(255, 0, 3);
    const opens = (change: Partial<typeof good>) => {
      const bytes = encodeCbor({ ...good, ...change });
      const named = { ...later, sealsHash: sealsHash(bytes) };
      return Promise.all([
        codeOf(() => openUnlockSeal(named, bytes, code)),
        codeOf(() => openDeviceSeal(named, bytes, one.device)),
      ]);
    };
    expect(await opens({})).toEqual(["none", "none"]);
    const devices = good.devices.map((it, i) => (i === 1 ? { ...it, kemPub: bad } : it));
    expect(await opens({ devices })).toEqual(["seals_refused", "seals_refused"]);
    const unlocks = good.unlocks.map((it, i) => (i === 1 ? { ...it, kemPub: bad } : it));
    expect(await opens({ unlocks })).toEqual(["seals_refused", "seals_refused"]);
  });

  test("K5 who is in the seals and not in the manifest, or the other way, is found before anything opens", async () => {
    const good = decodeAccountSeals(two.prepared.seals);
    const later = headOf(two.history).core;
    const opens = (change: Partial<typeof good>) => {
      const bytes = encodeCbor({ ...good, ...change });
      return codeOf(() => openUnlockSeal({ ...later, sealsHash: sealsHash(bytes) }, bytes, code));
    };
    const [device, other] = good.devices;
    const spy = { ...other!, device: stranger.device.id };
    expect(await opens({ devices: [device!] })).toBe("seals_refused");
    expect(await opens({ devices: [device!, other!, spy] })).toBe("seals_refused");
    expect(await opens({ devices: [device!, spy] })).toBe("seals_refused");
    expect(await opens({ devices: [device!, other!] })).toBe("none");
  });
});

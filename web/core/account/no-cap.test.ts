import { expect, test } from "vitest";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { deviceIdOf } from "../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { verifyManifest } from "../../../workers/protocol/manifest-rules.ts";
import {
  type AccountSeals,
  type ManifestCore,
  decodeAccountSeals,
  decodeManifestCore,
} from "../../../workers/protocol/manifest.ts";
import { nobleVerifier } from "../../../workers/protocol/signing.ts";
import { recoveryUnlockKey } from "../crypto/recovery-code.ts";
import { seal } from "../crypto/seal.ts";
import { NOW, newPerson, seededSuite } from "../people.test-kit.ts";
import { addDevice } from "./add-device.ts";
import { openDeviceSeal, openUnlockSeal } from "./seals.ts";

const HOUR = 60 * 60 * 1000;
const whole = process.env["THYME_CYCLES"] === "whole";
const SIGN_INS = whole ? 2_000 : 60;

/**
 * Bytes of an account of sixteen devices and one unlock method: of each version, which all keep, and of the seals
 * beside the newest, without the seeds of earlier generations. docs/BENCHMARKS.md has what it is.
 */
const CHAIN = { version: 3 * 1024, seals: 44 * 1024 };

const suite = seededSuite("no cap");

test(
  `K2 K3 ${SIGN_INS} sign-ins without a farewell, beside a live phone, end no account`,
  async () => {
    const person = await newPerson(suite);
    const unlock = recoveryUnlockKey(person.recoverySecret);
    let { verified: head, seals } = person.prepared;
    let phoneKeys = 1;
    let revocations = 0;
    const sizes: number[] = [];
    for (let i = 1; i <= SIGN_INS; i++) {
      const now = NOW + i * HOUR;
      const unlocked = openUnlockSeal(head.core, seals, unlock);
      // The phone is seen all the time; the browsers were evicted.
      const isPhone = (id: Uint8Array) => id.join() === person.device.id.join();
      const known = { lastSeen: (id: Uint8Array) => (isPhone(id) ? now : null), departed: [] };
      const added = await addDevice(suite, head, unlocked, known, now);
      if (added.revoked) revocations += 1;
      head = await verifyManifest(nobleVerifier, added.prepared.signed, head);
      ({ seals } = added.prepared);
      sizes.push(added.prepared.signed.core.length);
      if (i % 50 === 0 || i === SIGN_INS) {
        const { userKeys } = openDeviceSeal(head.core, seals, person.device);
        expect(userKeys.length).toBe(head.core.generation);
        expect(userKeys[0]?.seed).toEqual(person.prepared.userKeys[0]?.seed);
        phoneKeys = userKeys.length;
      }
    }
    const { core } = head;
    const revoked = SIGN_INS - LIMITS.devices + 1;
    expect([core.version, revocations, core.generation]).toEqual([
      SIGN_INS + 1,
      revoked,
      revoked + 1,
    ]);
    expect(phoneKeys).toBe(core.generation);
    expect(
      core.devices.some(({ signPub }) => deviceIdOf(signPub).join() === person.device.id.join()),
    ).toBe(true);
    // At the cap of devices a manifest is as large as ever, however many there were; seeds take 34 bytes a generation.
    expect(Math.max(...sizes)).toBeLessThan(CHAIN.version);
    expect(sizes.at(-1)! - sizes[LIMITS.devices]!).toBeLessThan(16);
    expect(seals.length).toBeLessThan(CHAIN.seals + 34 * core.generation);
    expect(seals.length).toBeLessThan(LIMITS.seals);
    const chain = sizes.reduce((sum, size) => sum + size, 0);
    expect(chain).toBeLessThan(SIGN_INS * CHAIN.version);
    console.info({ SIGN_INS, chain, version: sizes.at(-1), seals: seals.length });
  },
  whole ? 3_600_000 : 60_000,
);

test("K5 E1 a manifest and seals that are full in everything fit what is taken of them, with room", async () => {
  const { prepared } = await newPerson(suite);
  const { core } = prepared.verified;
  const seals = decodeAccountSeals(prepared.seals);
  const bytes = (length: number) => suite.random.bytes(length);
  const many = <T>(count: number, one: () => T): T[] => Array.from({ length: count }, one);
  // As long as a number gets: eight bytes.
  const time = Number.MAX_SAFE_INTEGER;
  const full: ManifestCore = {
    ...core,
    version: time,
    prev: bytes(32),
    devices: many(LIMITS.devices, () => ({ signPub: bytes(32), since: time })),
    gone: many(LIMITS.devices, () => ({ device: bytes(32), how: "departed", at: time })),
    folded: { count: time, hash: bytes(32) },
    unlocks: many(LIMITS.unlocks, () => ({ id: bytes(16), kind: "code", proof: bytes(64) })),
    generation: LIMITS.generations,
    generationSince: time,
    departedSince: time,
    earlierSeeds: bytes(32),
    time,
  };
  const size = encodeCbor(full).length;
  expect(decodeManifestCore(encodeCbor(full))).toEqual(full);
  expect([size > LIMITS.manifest / 2, size < (LIMITS.manifest * 3) / 4]).toEqual([true, true]);
  const [device] = seals.devices;
  const [method] = seals.unlocks;
  const userSeeds = many(LIMITS.generations - 1, () => bytes(32));
  const context = [core.account, LIMITS.generations] as const;
  const sealed: AccountSeals = {
    ...seals,
    devices: many(LIMITS.devices, () => device!),
    unlocks: many(LIMITS.unlocks, () => method!),
    earlier: seal(suite.random, core.userKey, "seal/earlier", context, encodeCbor({ userSeeds })),
  };
  const sealsSize = encodeCbor(sealed).length;
  expect(decodeAccountSeals(encodeCbor(sealed))).toEqual(sealed);
  expect(sealsSize).toBeLessThan((LIMITS.seals * 7) / 8);
  console.info({ size, sealsSize });
});

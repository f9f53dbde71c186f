import { expect, test } from "vitest";
import { deviceIdOf } from "../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { verifyManifest } from "../../../workers/protocol/manifest-rules.ts";
import { nobleVerifier } from "../../../workers/protocol/signing.ts";
import { recoveryUnlockKey } from "../crypto/recovery-code.ts";
import { NOW, newPerson, seededSuite } from "../people.test-kit.ts";
import { addDevice } from "./add-device.ts";
import { openDeviceSeal, openUnlockSeal } from "./seals.ts";

const HOUR = 60 * 60 * 1000;
const whole = process.env["THYME_CYCLES"] === "whole";
const SIGN_INS = whole ? 2_000 : 60;

const suite = seededSuite("no cap");

test(
  `K2 K3 ${SIGN_INS} sign-ins without a farewell, beside a live phone, end no account`,
  async () => {
    const person = await newPerson(suite);
    const unlock = recoveryUnlockKey(person.recoverySecret);
    let { verified: head, seals } = person.prepared;
    let phoneKeys = 1;
    let revocations = 0;
    let manifests = 0;
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
      manifests += added.prepared.signed.core.length;
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
    // The manifest is as large as at the cap of devices, however many there were; seeds take 34 bytes a generation.
    expect(manifests / SIGN_INS).toBeLessThan(25 * 1024);
    expect(seals.length).toBeLessThan(25 * 1024 + 34 * core.generation);
    expect(seals.length).toBeLessThan(LIMITS.seals);
  },
  whole ? 3_600_000 : 60_000,
);

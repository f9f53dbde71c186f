import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { type ErrorCode, ProtocolError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { ManifestCore, SignedManifest } from "./manifest.ts";
import { type VerifiedManifest, verifyManifest } from "./manifest-rules.ts";
import {
  type TestAccount,
  makeAccount,
  makeKemPublic,
  makeUnlock,
  nextGeneration,
  succeed,
  withDeparted,
  withDevice,
  withoutDevice,
} from "./manifest.test-kit.ts";
import { nobleVerifier } from "./signing.ts";

async function outcome(
  signed: SignedManifest,
  before: VerifiedManifest | null = null,
): Promise<ErrorCode | null> {
  try {
    await verifyManifest(nobleVerifier, signed, before);
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

const first = makeAccount();
const second = withDevice(first);
const refusedFirst = (change: Partial<ManifestCore>) => outcome(makeAccount(change).signed);
const refusedNext = (change: Partial<ManifestCore>, before: TestAccount = first) =>
  outcome(succeed(before, change).signed, before);
const REFUSED = "manifest_refused";

describe("K5 devices that are gone", () => {
  test("K5 a manifest names those that went with it, those before are one hash: there is one right answer", async () => {
    let account = first;
    for (let i = 0; i < 3; i++) {
      const more = withDevice(account);
      const next = withoutDevice(more, more.devices.at(-1)!);
      expect(await outcome(next.signed, more)).toBeNull();
      account = next;
    }
    expect(account.core.gone).toHaveLength(1);
    expect(account.core.folded?.count).toBe(2);
    const after = withDevice(account);
    expect(await outcome(after.signed, account)).toBeNull();
    expect([after.core.gone, after.core.folded?.count]).toEqual([[], 3]);
    const { devices } = after.core;
    for (const folded of [{ count: 3, hash: randomBytes(32) }, account.core.folded, null]) {
      expect(await refusedNext({ devices, folded }, account)).toBe(REFUSED);
    }
  });

  test("K5 all of them are named, each once, in any order", async () => {
    const three = withDevice(second);
    const [stays, ...go] = three.core.devices;
    const gone = three.devices
      .slice(1)
      .map(({ id: device }) => ({ device, how: "revoked" as const, at: 1 }));
    const change = { devices: [stays!], ...nextGeneration(three.core) };
    expect(go).toHaveLength(2);
    expect(await refusedNext({ ...change, gone }, three)).toBeNull();
    expect(await refusedNext({ ...change, gone: gone.toReversed() }, three)).toBeNull();
    for (const named of [gone.slice(1), [...gone, gone[0]!], [gone[0]!, gone[0]!]]) {
      expect(await refusedNext({ ...change, gone: named }, three)).toBe(REFUSED);
    }
  });
});

describe("K3 user keys and generations", () => {
  const next = makeKemPublic();
  const begun = nextGeneration(first.core);

  test("K3 begins with 1, and with no past", async () => {
    for (const change of [
      { generation: 2 },
      { earlierSeeds: randomBytes(32) },
      { departedSince: 1 },
      { generationSince: 2 },
      { folded: { count: 1, hash: randomBytes(32) } },
      { gone: [{ device: randomBytes(32), how: "revoked" as const, at: 1 }] },
    ]) {
      expect(await refusedFirst(change)).toBe(REFUSED);
    }
  });

  test("K3 advances when something is revoked, and never without cause", async () => {
    expect(await refusedNext(begun)).toBe(REFUSED);
    const { devices } = withDevice(first).core;
    expect(await refusedNext({ devices, ...begun })).toBe(REFUSED);
    const revoked = withoutDevice(second, second.devices[1]!);
    const { devices: left, gone } = revoked.core;
    expect(await refusedNext({ devices: left, gone }, second)).toBe(REFUSED);
    const unlocks = [makeUnlock()];
    expect(await refusedNext({ unlocks })).toBe(REFUSED);
    expect(await refusedNext({ unlocks, ...begun })).toBeNull();
  });

  test("K3 a departure advances a generation that is seven days old, and no younger one", async () => {
    const departed = withDeparted(second, second.devices[1]!);
    expect(departed.core.departedSince).toBe(1);
    const { devices } = withDevice(departed).core;
    const time = departed.core.generationSince + LIMITS.generationMs;
    const due = { devices, time, ...nextGeneration(departed.core, time) };
    expect(await refusedNext(due, departed)).toBeNull();
    expect(await refusedNext({ devices, time }, departed)).toBe(REFUSED);
    const early = { devices, time: time - 1, ...nextGeneration(departed.core, time - 1) };
    expect(await refusedNext(early, departed)).toBe(REFUSED);
    expect(await refusedNext({ devices, time: time - 1 }, departed)).toBeNull();
    expect(await refusedNext({ devices, departedSince: 0 }, departed)).toBe(REFUSED);
    // Where nobody departed, age alone begins nothing.
    const { devices: more } = withDevice(second).core;
    expect(await refusedNext({ devices: more, time }, second)).toBeNull();
  });

  test("K3 a generation begins with a fresh key, counts anew, and skips none", async () => {
    const unlocks = [makeUnlock()];
    for (const change of [
      { generation: 3 },
      { userKey: first.core.userKey },
      { departedSince: 1 },
      { generationSince: 0 },
      { earlierSeeds: null },
    ]) {
      expect(await refusedNext({ unlocks, ...begun, ...change })).toBe(REFUSED);
    }
  });

  test("K3 a generation that goes on is not rewritten", async () => {
    const { devices } = withDevice(first).core;
    expect(await refusedNext({ devices })).toBeNull();
    for (const change of [
      { generation: 2 },
      { userKey: next },
      { departedSince: 1 },
      { generationSince: 0 },
      { earlierSeeds: randomBytes(32) },
    ]) {
      expect(await refusedNext({ devices, ...change })).toBe(REFUSED);
    }
  });

  test("K3 no cap ends an account: after the last generation a revocation begins none", async () => {
    const last = makeAccount({ generation: LIMITS.generations, earlierSeeds: randomBytes(32) }, 2);
    const revoked = withoutDevice(last, last.devices[1]!);
    const { devices, gone } = revoked.core;
    expect(await outcome(revoked.signed, last)).toBe(REFUSED);
    expect(await refusedNext({ devices, gone }, last)).toBeNull();
  });

  test("K3 E7 keys must be admissible", async () => {
    expect(await refusedFirst({ userKey: new Uint8Array(1216).fill(255) })).toBe(REFUSED);
  });
});

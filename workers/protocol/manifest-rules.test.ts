import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { encodeCbor } from "./cbor.ts";
import { type ErrorCode, ProtocolError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { ManifestCore, SignedManifest } from "./manifest.ts";
import { manifestHash } from "./manifest.ts";
import { type VerifiedManifest, findDevice, verifyManifest } from "./manifest-rules.ts";
import {
  type TestAccount,
  makeAccount,
  makeDevice,
  makeUnlock,
  nextGeneration,
  signManifest,
  signWith,
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

describe("K5 positive controls", () => {
  test("K5 a first manifest, and a chain of every honest change", async () => {
    expect(await outcome(first.signed)).toBeNull();
    expect(await outcome(second.signed, first)).toBeNull();
    const revoked = withoutDevice(second, second.devices[1] ?? makeDevice());
    expect(await outcome(revoked.signed, second)).toBeNull();
    const unlocks = [...revoked.core.unlocks, makeUnlock("prf")];
    const enrolled = succeed(revoked, { unlocks });
    expect(await outcome(enrolled.signed, revoked)).toBeNull();
    const reissued = succeed(enrolled, {
      unlocks: [makeUnlock()],
      ...nextGeneration(enrolled.core),
    });
    expect(await outcome(reissued.signed, enrolled)).toBeNull();
    const third = withDevice(reissued);
    const departed = withDeparted(third, third.devices.at(-1) ?? makeDevice());
    expect(await outcome(departed.signed, third)).toBeNull();
  });

  test("K5 tells core and hash", async () => {
    const verified = await verifyManifest(nobleVerifier, first.signed, null);
    expect(verified.core).toEqual(first.core);
    expect(verified.hash).toEqual(manifestHash(first.signed.core));
  });
});

describe("K1 the account key", () => {
  test("K1 the id must be of the key", async () => {
    expect(await refusedFirst({ account: randomBytes(32) })).toBe(REFUSED);
  });

  test("K1 an id has one key for life", async () => {
    const other = makeAccount();
    const { accountPub, account } = other.core;
    const core = { ...succeed(first).core, accountPub, account };
    expect(await outcome(signManifest(other.seed, core), first)).toBe(REFUSED);
    expect(await outcome(signManifest(first.seed, core), first)).toBe(REFUSED);
  });

  test("K1 E7 a key of small order is no account, though its equation holds", async () => {
    const accountPub = new Uint8Array(32);
    accountPub[0] = 1;
    const core = encodeCbor({ ...first.core, accountPub });
    const signature = new Uint8Array(64);
    signature[0] = 1;
    expect(await outcome({ core, signature })).toBe(REFUSED);
  });
});

describe("K5 the signature", () => {
  test("K5 by another key is refused", async () => {
    expect(await outcome(signManifest(randomBytes(32), first.core))).toBe(REFUSED);
  });

  test("K5 E2 for another purpose is refused", async () => {
    const { core } = first.signed;
    const signature = signWith(first.seed, "sign-bundle", core);
    expect(await outcome({ core, signature })).toBe(REFUSED);
  });

  test("K5 E2 covers the bytes as transmitted: any changed bit is refused", async () => {
    const { core, signature } = first.signed;
    for (const at of [0, 40, core.length >> 1, core.length - 1]) {
      const altered = Uint8Array.from(core);
      altered[at]! ^= 1;
      expect([REFUSED, "bad_request"]).toContain(await outcome({ core: altered, signature }));
    }
  });
});

describe("K2 devices", () => {
  const twin = { ...first.core.devices[0]!, since: 2 };

  test("K2 one entry each", async () => {
    expect(await refusedNext({ devices: [...first.core.devices, twin] })).toBe(REFUSED);
    const [one] = first.core.devices;
    expect(await refusedNext({ devices: [one!, one!] })).toBe(REFUSED);
  });

  test("K2 at most 16", async () => {
    const full = makeAccount({}, LIMITS.devices);
    expect(await outcome(full.signed)).toBeNull();
    expect(await outcome(withDevice(full).signed, full)).toBe("bad_request");
  });

  test("K2 E7 keys must be admissible", async () => {
    const bad = { signPub: new Uint8Array(32), since: 1 };
    expect(await refusedNext({ devices: [...first.core.devices, bad] })).toBe(REFUSED);
    const good = { signPub: makeDevice().signPub, since: 1 };
    expect(await refusedNext({ devices: [...first.core.devices, good] })).toBeNull();
  });

  test("K2 none vanishes without a revocation, none is both", async () => {
    expect(await refusedNext({ devices: [] })).toBe(REFUSED);
    expect(await refusedNext({ devices: [] }, second)).toBe(REFUSED);
    const gone = [{ device: first.devices[0]!.id, how: "revoked" as const, at: 1 }];
    const advanced = nextGeneration(first.core);
    expect(await refusedNext({ gone, ...advanced })).toBe(REFUSED);
    const { devices } = second.core;
    expect(await refusedNext({ devices, gone, ...advanced })).toBe(REFUSED);
    expect(await refusedNext({ devices: [], gone, ...advanced })).toBeNull();
    const stranger = [{ ...gone[0]!, device: randomBytes(32) }];
    expect(await refusedNext({ devices: [], gone: stranger, ...advanced })).toBe(REFUSED);
    const later = [{ ...gone[0]!, at: 2 }];
    expect(await refusedNext({ devices: [], gone: later, ...advanced })).toBe(REFUSED);
  });

  test("K2 what is said of a device that stays is unchanged", async () => {
    const { devices } = second.core;
    const another = { ...devices[0]!, since: 2 };
    expect(await refusedNext({ devices: [another, devices[1]!] })).toBe(REFUSED);
    expect(await refusedNext({ devices: [devices[1]!, devices[0]!] })).toBeNull();
  });

  test("K2 a revocation is for ever", async () => {
    const revoked = withoutDevice(second, second.devices[1]!);
    const { devices } = withDevice(revoked).core;
    const { gone } = revoked.core;
    expect(await refusedNext({ devices }, revoked)).toBeNull();
    expect(await refusedNext({ devices, gone }, revoked)).toBe(REFUSED);
    expect(await refusedNext({ devices, folded: null }, revoked)).toBe(REFUSED);
    const { folded } = withDevice(revoked).core;
    for (const change of [{ hash: randomBytes(32) }, { count: 2 }]) {
      expect(await refusedNext({ devices, folded: { ...folded!, ...change } }, revoked)).toBe(
        REFUSED,
      );
    }
    const back = withDevice(revoked, second.devices[1]!);
    expect(await outcome(back.signed, revoked)).toBe(REFUSED);
    expect(await outcome(withDevice(revoked).signed, revoked)).toBeNull();
  });

  test("K2 C8 a device is looked up in one manifest, never in another", () => {
    const { id } = second.devices[1]!;
    expect(findDevice(second.core, id)?.signPub).toEqual(second.devices[1]!.signPub);
    expect(findDevice(first.core, id)).toBeUndefined();
  });
});

describe("K4 unlock methods", () => {
  test("K4 at least one, each named once", async () => {
    expect(await refusedFirst({ unlocks: [] })).toBe("bad_request");
    const unlock = makeUnlock();
    expect(await refusedFirst({ unlocks: [unlock, unlock] })).toBe(REFUSED);
    expect(await refusedFirst({ unlocks: [unlock, makeUnlock("prf")] })).toBeNull();
  });

  test("K4 one that stays keeps its kind and its proof", async () => {
    const { devices } = withDevice(first).core;
    const [method] = first.core.unlocks;
    expect(await refusedNext({ devices, unlocks: [{ ...method! }] })).toBeNull();
    for (const change of [{ kind: "prf" as const }, { proof: randomBytes(64) }]) {
      expect(await refusedNext({ devices, unlocks: [{ ...method!, ...change }] })).toBe(REFUSED);
    }
  });
});

describe("K5 the chain", () => {
  test("K5 T1 its time never falls", async () => {
    const { devices } = withDevice(first).core;
    expect(await refusedNext({ devices, time: 0 })).toBe(REFUSED);
    expect(await refusedNext({ devices, time: 2 })).toBeNull();
  });

  test("K5 the first has version 1 and no predecessor", async () => {
    expect(await refusedFirst({ version: 2 })).toBe(REFUSED);
    expect(await refusedFirst({ prev: randomBytes(32) })).toBe(REFUSED);
    expect(await outcome(second.signed)).toBe(REFUSED);
  });

  test("K5 K6 the next names version + 1 and the hash of its predecessor", async () => {
    const { devices } = withDevice(first).core;
    expect(await refusedNext({ devices })).toBeNull();
    expect(await refusedNext({ devices, version: 3 })).toBe(REFUSED);
    expect(await refusedNext({ devices, version: 1 })).toBe(REFUSED);
    expect(await refusedNext({ devices, prev: null })).toBe(REFUSED);
    expect(await refusedNext({ devices, prev: randomBytes(32) })).toBe(REFUSED);
  });

  test("K5 one that changes nothing is refused, however it is sealed and dated", async () => {
    expect(await refusedNext({})).toBe(REFUSED);
    expect(await refusedNext({ time: first.core.time + 1 })).toBe(REFUSED);
    expect(await refusedNext({ sealsHash: new Uint8Array(32).fill(9) })).toBe(REFUSED);
    // Nor does one in which who went before is folded away.
    const revoked = withoutDevice(second, second.devices[1]!);
    expect(await refusedNext({}, revoked)).toBe(REFUSED);
    expect(await refusedNext({ unlocks: [...first.core.unlocks, makeUnlock("prf")] })).toBeNull();
  });

  test("K5 K6 another first manifest of the same key is a fork", async () => {
    const fork = { ...first.core, time: 2 };
    const signed = signManifest(first.seed, fork);
    const forked = { core: fork, hash: manifestHash(signed.core) };
    expect(await outcome(second.signed, forked)).toBe(REFUSED);
    expect(await outcome(first.signed, first)).toBe(REFUSED);
  });

  test("E4 another version of the format is refused", async () => {
    const core = encodeCbor({ ...first.core, v: 2 });
    const signature = signWith(first.seed, "sign-manifest", core);
    expect(await outcome({ core, signature })).toBe("bad_request");
  });
});

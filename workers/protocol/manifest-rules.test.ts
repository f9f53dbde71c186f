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
  makeKemPublic,
  makeUnlock,
  signManifest,
  signWith,
  succeed,
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
      generation: 3,
      userKeys: [...enrolled.core.userKeys, makeKemPublic()],
    });
    expect(await outcome(reissued.signed, enrolled)).toBeNull();
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
  });

  test("K2 at most 16", async () => {
    const full = makeAccount({}, LIMITS.devices);
    expect(await outcome(full.signed)).toBeNull();
    expect(await outcome(withDevice(full).signed, full)).toBe("bad_request");
  });

  test("K2 E7 keys must be admissible", async () => {
    const device = makeDevice();
    const badSign = { signPub: new Uint8Array(32), kemPub: device.kemPub, since: 1 };
    const badKem = { signPub: device.signPub, kemPub: new Uint8Array(1216).fill(255), since: 1 };
    for (const bad of [badSign, badKem]) {
      expect(await refusedNext({ devices: [...first.core.devices, bad] })).toBe(REFUSED);
    }
  });

  test("K2 none vanishes without a revocation, none is both", async () => {
    expect(await refusedNext({ devices: [] })).toBe(REFUSED);
    expect(await refusedNext({ devices: [] }, second)).toBe(REFUSED);
    const gone = first.devices[0]!.id;
    const userKeys = [...first.core.userKeys, makeKemPublic()];
    expect(await refusedNext({ revoked: [gone], generation: 2, userKeys })).toBe(REFUSED);
    expect(await refusedNext({ devices: [], revoked: [gone], generation: 2, userKeys })).toBeNull();
  });

  test("K2 a revocation is for ever", async () => {
    const revoked = withoutDevice(second, second.devices[1]!);
    expect(await refusedNext({ revoked: [] }, revoked)).toBe(REFUSED);
    const rewritten = { revoked: [randomBytes(32)] };
    expect(await refusedNext(rewritten, revoked)).toBe(REFUSED);
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

describe("K3 user keys and generations", () => {
  const next = makeKemPublic();

  test("K3 one key for each generation", async () => {
    expect(await refusedFirst({ userKeys: [makeKemPublic(), makeKemPublic()] })).toBe(REFUSED);
    expect(await refusedFirst({ generation: 2 })).toBe(REFUSED);
  });

  test("K3 begins with 1", async () => {
    expect(await refusedFirst({ generation: 2, userKeys: [next, makeKemPublic()] })).toBe(REFUSED);
  });

  test("K3 advances exactly when something is revoked", async () => {
    const userKeys = [...first.core.userKeys, next];
    expect(await refusedNext({ generation: 2, userKeys })).toBe(REFUSED);
    const revoked = withoutDevice(second, second.devices[1]!);
    const { devices, revoked: ids } = revoked.core;
    expect(await refusedNext({ devices, revoked: ids }, second)).toBe(REFUSED);
    const unlocks = [makeUnlock()];
    expect(await refusedNext({ unlocks })).toBe(REFUSED);
    expect(await refusedNext({ unlocks, generation: 2, userKeys })).toBeNull();
  });

  test("K3 skips none", async () => {
    const unlocks = [makeUnlock()];
    const userKeys = [...first.core.userKeys, next, makeKemPublic()];
    expect(await refusedNext({ unlocks, generation: 3, userKeys })).toBe(REFUSED);
  });

  test("K3 falls never, and keys of earlier generations stay", async () => {
    const advanced = succeed(first, {
      unlocks: [makeUnlock()],
      generation: 2,
      userKeys: [...first.core.userKeys, next],
    });
    const fallen = { generation: 1, userKeys: first.core.userKeys };
    expect(await refusedNext(fallen, advanced)).toBe(REFUSED);
    expect(await refusedNext({ userKeys: [makeKemPublic(), next] }, advanced)).toBe(REFUSED);
    expect(
      await refusedNext({ unlocks: [...advanced.core.unlocks, makeUnlock("prf")] }, advanced),
    ).toBeNull();
  });

  test("K3 E7 keys must be admissible", async () => {
    expect(await refusedFirst({ userKeys: [new Uint8Array(1216).fill(255)] })).toBe(REFUSED);
  });
});

describe("K4 unlock methods", () => {
  test("K4 at least one, each named once, with an admissible key", async () => {
    expect(await refusedFirst({ unlocks: [] })).toBe("bad_request");
    const unlock = makeUnlock();
    expect(await refusedFirst({ unlocks: [unlock, unlock] })).toBe(REFUSED);
    const bad = { ...unlock, kemPub: new Uint8Array(1216).fill(255) };
    expect(await refusedFirst({ unlocks: [bad] })).toBe(REFUSED);
    expect(await refusedFirst({ unlocks: [unlock, makeUnlock("prf")] })).toBeNull();
  });
});

describe("K5 the chain", () => {
  test("K5 the first has version 1 and no predecessor", async () => {
    expect(await refusedFirst({ version: 2 })).toBe(REFUSED);
    expect(await refusedFirst({ prev: randomBytes(32) })).toBe(REFUSED);
    expect(await outcome(second.signed)).toBe(REFUSED);
  });

  test("K5 K6 the next names version + 1 and the hash of its predecessor", async () => {
    expect(await refusedNext({ version: 3 })).toBe(REFUSED);
    expect(await refusedNext({ version: 1 })).toBe(REFUSED);
    expect(await refusedNext({ prev: null })).toBe(REFUSED);
    expect(await refusedNext({ prev: randomBytes(32) })).toBe(REFUSED);
  });

  test("K5 one that changes nothing is refused, however it is sealed and dated", async () => {
    expect(await refusedNext({})).toBe(REFUSED);
    expect(await refusedNext({ time: first.core.time + 1 })).toBe(REFUSED);
    expect(await refusedNext({ sealsHash: new Uint8Array(32).fill(9) })).toBe(REFUSED);
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

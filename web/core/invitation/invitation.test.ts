import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBase64url } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { inviteIdOf } from "../../../workers/protocol/ids.ts";
import { claimBytes } from "../../../workers/protocol/invitation.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { nobleVerifier, verifySigned } from "../../../workers/protocol/signing.ts";
import { NOW, codeOf, seededSuite } from "../people.test-kit.ts";
import { inviteKeys, newInviteSecret, pendingEntry, signClaim } from "./keys.ts";
import { decodeLink, encodeLink } from "./link.ts";

const suite = seededSuite("invitation");
const inviter = suite.random.bytes(32);
const secret = newInviteSecret(suite.random);
const keys = inviteKeys(secret);

describe("the link", () => {
  const link = { kind: "patient", inviter, secret } as const;

  test("I1 holds version, inviter and 32-byte secret, in about a hundred characters", () => {
    const text = encodeLink(link);
    expect(decodeLink(text)).toEqual(link);
    expect(decodeLink(`#${text}`)).toEqual(link);
    expect(text.length).toBeLessThanOrEqual(100);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  test("I1 of a practitioner it suggests a public name", async () => {
    const practitioner = { kind: "practitioner", inviter, secret, name: "Dra. Ruiz é" } as const;
    expect(decodeLink(encodeLink(practitioner))).toEqual(practitioner);
    const long = { ...practitioner, name: "x".repeat(LIMITS.publicName + 1) };
    expect(await codeOf(() => encodeLink(long))).toBe("too_long");
    const byHand = toBase64url(encodeCbor([1, 1, inviter, secret, long.name]));
    expect(await codeOf(() => decodeLink(byHand))).toBe("bad_link");
  });

  test("I1 whatever was cut off or altered is a typed error", async () => {
    const text = encodeLink(link);
    const bad = [
      "",
      "#",
      text.slice(0, -1),
      text.slice(1),
      `${text}A`,
      `${text}!`,
      toBase64url(encodeCbor([1, 0, inviter])),
      toBase64url(encodeCbor([1, 2, inviter, secret])),
      toBase64url(encodeCbor([1, 0, inviter, secret, "x"])),
      toBase64url(encodeCbor([0, 0, inviter, secret])),
      toBase64url(encodeCbor({ v: 1 })),
      toBase64url(encodeCbor([])),
    ];
    for (const fragment of bad) {
      expect(await codeOf(() => decodeLink(fragment)), fragment).toBe("bad_link");
    }
    await fc.assert(
      fc.asyncProperty(fc.string(), async (fragment) => {
        expect(["bad_link", "unsupported_version"]).toContain(
          await codeOf(() => decodeLink(fragment)),
        );
      }),
    );
  });

  test("E4 a link of a newer Thyme asks for an update", async () => {
    const newer = toBase64url(encodeCbor([2, "other", 7]));
    expect(await codeOf(() => decodeLink(newer))).toBe("unsupported_version");
  });
});

describe("its keys", () => {
  test("I1 signing and sealing keys are separate, and the id is of the signing key", () => {
    expect(keys.id).toEqual(inviteIdOf(keys.signPub));
    expect(keys.signSeed).not.toEqual(keys.kem.seed);
    expect(inviteKeys(secret)).toEqual(keys);
    expect(inviteKeys(suite.random.bytes(32)).id).not.toEqual(keys.id);
  });

  test("I4 expires after 14 days unless said otherwise", () => {
    expect(pendingEntry(keys, NOW).expiry - NOW).toBe(14 * 24 * 3600 * 1000);
    expect(pendingEntry(keys, NOW, 1000).expiry).toBe(NOW + 1000);
  });

  test("I6 a claim is the invite key's word for one account", async () => {
    const account = suite.random.bytes(32);
    const signature = await signClaim(suite, keys, account);
    const verify = (claimant: Uint8Array) =>
      verifySigned(
        nobleVerifier,
        "sign-claim",
        keys.signPub,
        claimBytes(keys.id, claimant),
        signature,
      );
    expect([await verify(account), await verify(inviter)]).toEqual([true, false]);
  });
});

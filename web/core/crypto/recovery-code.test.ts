import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recoveryAuthHash } from "../../../workers/protocol/recovery.ts";
import { codeOf, seededRandom } from "../people.test-kit.ts";
import {
  formatRecoveryCode,
  newRecoverySecret,
  parseRecoveryCode,
  recoveryProof,
  recoveryUnlockKey,
} from "./recovery-code.ts";

const secret = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe("recovery code", () => {
  test("K4 has 128 random bits and is shown as seven groups of four", () => {
    const made = newRecoverySecret(seededRandom("code"));
    expect(made.length).toBe(16);
    expect(formatRecoveryCode(made)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4} ){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  test("K4 is read in any case, with dashes, blanks, and O for 0, I and L for 1", () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        const code = formatRecoveryCode(bytes);
        const typed = [
          code.toLowerCase(),
          code.replaceAll(" ", ""),
          `  ${code.replaceAll(" ", "-")}\n`,
          code.replaceAll("0", "o").replaceAll("1", "l"),
          code.replaceAll("0", "O").replaceAll("1", "I"),
        ];
        for (const text of typed) expect(parseRecoveryCode(text)).toEqual(bytes);
      }),
    );
  });

  test("K4 the checksum finds a wrong or swapped character", async () => {
    const code = formatRecoveryCode(newRecoverySecret(seededRandom("typo"))).replaceAll(" ", "");
    let missed = 0;
    let tried = 0;
    for (let i = 0; i < code.length; i++) {
      for (const char of "0123456789ABCDEFGHJKMNPQRSTVWXYZ") {
        if (char === code.charAt(i)) continue;
        tried++;
        const typo = code.slice(0, i) + char + code.slice(i + 1);
        if ((await codeOf(() => parseRecoveryCode(typo))) !== "bad_recovery_code") missed++;
      }
    }
    expect(tried).toBe(28 * 31);
    expect(missed).toBeLessThanOrEqual(2);
  });

  test("K4 anything else is a typed error", async () => {
    const longer = `0${formatRecoveryCode(newRecoverySecret(seededRandom("longer")))}`;
    expect(await codeOf(() => parseRecoveryCode(longer))).toBe("bad_recovery_code");
    for (const text of ["", "U".repeat(28), "0".repeat(27), "0".repeat(29), "é".repeat(28)]) {
      expect(await codeOf(() => parseRecoveryCode(text))).toBe("bad_recovery_code");
    }
  });

  test("K4, K11 what the server is shown, what it keeps, and what unlocks are separate", () => {
    const made = newRecoverySecret(seededRandom("separate"));
    const { id, auth, authHash } = recoveryProof(made);
    const { kem, proofKey } = recoveryUnlockKey(made);
    expect([id.length, auth.length, authHash.length, kem.seed.length]).toEqual([16, 32, 32, 32]);
    expect(recoveryAuthHash(auth)).toEqual(authHash);
    const all = [id, auth, authHash, kem.seed, proofKey].map((bytes) => bytes.slice(0, 16).join());
    expect(new Set(all).size).toBe(5);
  });
});

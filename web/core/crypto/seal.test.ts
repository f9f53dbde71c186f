import { describe, expect, test } from "vitest";
import { codeOf, flipped, seededRandom } from "../people.test-kit.ts";
import { newKemKey } from "./kem.ts";
import { openOnce, sealOnce } from "./primitives.ts";
import { openSeal, seal } from "./seal.ts";
import { PRF_SALT, beginEnrolment, enrolmentStep, prfUnlockKey, unlockEntry } from "./unlock.ts";

const random = seededRandom("seal");
const key = newKemKey(random);
const other = newKemKey(random);
const [conversation, recipient] = [random.bytes(32), random.bytes(32)];
const context = [conversation, 3, recipient, 1] as const;
const secret = random.bytes(32);
const sealed = seal(random, key.publicKey, "seal/epoch", context, secret);

describe("seals", () => {
  test("E6 a sealed 32-byte key is 1,168 bytes and opens for its key, purpose and context", () => {
    expect(sealed.length).toBe(1168);
    expect(openSeal(key, "seal/epoch", context, sealed)).toEqual(secret);
  });

  test("E6 another key, purpose or any other part of the context does not open it", async () => {
    const tries: (() => unknown)[] = [
      () => openSeal(other, "seal/epoch", context, sealed),
      () => openSeal(key, "seal/grant", [conversation, 3, 3, recipient, 1], sealed),
      () => openSeal(key, "seal/epoch", [recipient, 3, recipient, 1], sealed),
      () => openSeal(key, "seal/epoch", [conversation, 4, recipient, 1], sealed),
      () => openSeal(key, "seal/epoch", [conversation, 3, conversation, 1], sealed),
      () => openSeal(key, "seal/epoch", [conversation, 3, recipient, 2], sealed),
    ];
    for (const attempt of tries) expect(await codeOf(attempt)).toBe("open_failed");
  });

  test("E6 the purpose alone separates: same context, other purpose", async () => {
    const device = seal(random, key.publicKey, "seal/device", [recipient, recipient, 1], secret);
    const open = () => openSeal(key, "seal/unlock", [recipient, recipient, 1], device);
    expect(await codeOf(open)).toBe("open_failed");
    expect(openSeal(key, "seal/device", [recipient, recipient, 1], device)).toEqual(secret);
  });

  test("E5 every failure is the same error, with the same message", async () => {
    const bad = [
      flipped(sealed, 0),
      flipped(sealed, 1100),
      flipped(sealed, 1119),
      flipped(sealed, 1120),
      flipped(sealed, 1167),
      sealed.slice(0, 1167),
      sealed.slice(0, 1120),
      sealed.slice(0, 40),
      new Uint8Array(),
    ];
    const messages = bad.map((bytes) => {
      try {
        openSeal(key, "seal/epoch", context, bytes);
        return "opened";
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(messages)).toEqual(new Set(["CoreError: open_failed"]));
  });

  test("E6, E8 every seal has a fresh key: equal inputs never give equal bytes", () => {
    const again = seal(random, key.publicKey, "seal/epoch", context, secret);
    expect(again.slice(0, 1120)).not.toEqual(sealed.slice(0, 1120));
    expect(again.slice(1120)).not.toEqual(sealed.slice(1120));
  });

  test("E8 the additional data are authenticated", async () => {
    const once = sealOnce(secret, conversation, recipient);
    expect(openOnce(secret, once, recipient)).toEqual(conversation);
    expect(await codeOf(() => openOnce(secret, once, conversation))).toBe("open_failed");
  });
});

describe("enrolment of a passkey's PRF", () => {
  const first = random.bytes(32);
  const second = random.bytes(32);
  const account = random.bytes(32);

  test("K7 an output at create has to be confirmed by a fresh get", () => {
    const begun = beginEnrolment(random, account, first);
    expect(begun.state).toBe("again");
    const done = enrolmentStep(random, account, begun, first);
    expect(done).toEqual({ state: "enrolled", unlock: unlockEntry(prfUnlockKey(first), account) });
  });

  test("K7 without an output at create, the first get asks for one more", () => {
    const begun = beginEnrolment(random, account, null);
    expect(begun.state).toBe("waiting");
    const once = enrolmentStep(random, account, begun, first);
    expect(once.state).toBe("again");
    expect(enrolmentStep(random, account, once, first).state).toBe("enrolled");
  });

  test("K7 another output does not open the test seal: not enrolled, nor by trying on", () => {
    const refused = enrolmentStep(random, account, beginEnrolment(random, account, first), second);
    expect(refused.state).toBe("no-prf");
    expect(enrolmentStep(random, account, refused, first).state).toBe("no-prf");
  });

  test("K7 no output means no PRF: the recovery code is the way", () => {
    expect(enrolmentStep(random, account, beginEnrolment(random, account, null), null).state).toBe(
      "no-prf",
    );
    expect(enrolmentStep(random, account, beginEnrolment(random, account, first), null).state).toBe(
      "no-prf",
    );
  });

  test("K7 an output that is too short is no output", async () => {
    expect(await codeOf(() => prfUnlockKey(first.slice(0, 31)))).toBe("open_failed");
  });

  test("K7 the salt is constant; the state holds no output", () => {
    expect(PRF_SALT.length).toBe(32);
    const begun = beginEnrolment(random, account, first);
    expect(begun).not.toHaveProperty("output");
    expect(JSON.stringify(begun)).not.toContain(JSON.stringify(prfUnlockKey(first).kem.seed));
  });
});

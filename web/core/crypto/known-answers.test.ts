import { describe, expect, test } from "vitest";
import { signingInput } from "../../../workers/protocol/signing.ts";
import {
  type SubtleEd25519,
  chooseEd25519,
  isStrictEd25519,
  nobleEd25519,
  webCryptoEd25519,
} from "./ed25519.ts";
import { describeEd25519, describePrimitives } from "./known-answers.test-kit.ts";

describe("known answers", () => {
  describePrimitives();
  describeEd25519("noble", () => Promise.resolve(nobleEd25519));
  describeEd25519("WebCrypto", () => Promise.resolve(webCryptoEd25519(crypto.subtle)));

  test("E7 the platform is chosen where it is strict", async () => {
    const chosen = await chooseEd25519(crypto.subtle);
    expect(chosen).not.toBe(nobleEd25519);
    expect(await chooseEd25519(null)).toBe(nobleEd25519);
  });

  test("E7 a platform that takes everything is not chosen", async () => {
    const lenient = {
      signer: (seed: Uint8Array) => nobleEd25519.signer(seed),
      verifier: { verify: () => Promise.resolve(true) },
    };
    expect(await isStrictEd25519(lenient)).toBe(false);
    expect(await isStrictEd25519({ ...lenient, verifier: nobleEd25519.verifier })).toBe(true);
    const refusing = { ...lenient, verifier: { verify: () => Promise.resolve(false) } };
    expect(await isStrictEd25519(refusing)).toBe(false);
    const { publicKey } = await nobleEd25519.signer(new Uint8Array(32).fill(7));
    const otherwise = {
      verifier: nobleEd25519.verifier,
      signer: () => Promise.resolve({ publicKey, sign: () => Promise.resolve(new Uint8Array(64)) }),
    };
    expect(await isStrictEd25519(otherwise)).toBe(false);
  });

  test("E7 a platform without Ed25519 falls back to noble", async () => {
    const none = {
      importKey: () => Promise.reject(new Error("NotSupportedError")),
      sign: () => Promise.reject(new Error("NotSupportedError")),
      verify: () => Promise.reject(new Error("NotSupportedError")),
    };
    expect(await chooseEd25519(none)).toBe(nobleEd25519);
  });

  test("E7 an import that failed is tried again with the next signature", async () => {
    const { subtle } = crypto;
    let fails = 1;
    const failing: SubtleEd25519<CryptoKey> = {
      importKey(...args) {
        const isPublic = args[0] === "raw";
        return isPublic && fails-- > 0
          ? Promise.reject(new Error("OperationError"))
          : subtle.importKey(...args);
      },
      sign: (...args) => subtle.sign(...args),
      verify: (...args) => subtle.verify(...args),
    };
    const platform = webCryptoEd25519(failing);
    const { publicKey, sign } = await platform.signer(new Uint8Array(32).fill(3));
    const message = signingInput("sign-envelope", new Uint8Array(3));
    const signature = await sign("sign-envelope", new Uint8Array(3));
    expect(await platform.verifier.verify(publicKey, message, signature)).toBe(false);
    expect(await platform.verifier.verify(publicKey, message, signature)).toBe(true);
  });

  test("E7 a public key is imported once", async () => {
    let imports = 0;
    const { subtle } = crypto;
    const counting: SubtleEd25519<CryptoKey> = {
      importKey: (...args) => {
        imports++;
        return subtle.importKey(...args);
      },
      sign: (...args) => subtle.sign(...args),
      verify: (...args) => subtle.verify(...args),
    };
    const platform = webCryptoEd25519(counting);
    const key = await platform.signer(new Uint8Array(32).fill(3));
    const before = imports;
    const none = new Uint8Array(64);
    await Promise.all([1, 2, 3].map(() => platform.verifier.verify(key.publicKey, none, none)));
    expect(imports - before).toBe(1);
  });

  test("K8 E7 what is imported can be used and never read out, and a short signature is none", async () => {
    const { subtle } = crypto;
    const extractable: boolean[] = [];
    const watched: SubtleEd25519<CryptoKey> = {
      importKey(...args) {
        extractable.push(args[3]);
        return subtle.importKey(...args);
      },
      sign: (...args) => subtle.sign(...args),
      verify: () => Promise.resolve(true),
    };
    const platform = webCryptoEd25519(watched);
    const { publicKey, sign } = await platform.signer(new Uint8Array(32).fill(3));
    const signature = await sign("sign-envelope", new Uint8Array(3));
    const verify = (by: Uint8Array) => platform.verifier.verify(publicKey, new Uint8Array(3), by);
    expect(await verify(signature)).toBe(true);
    expect(await verify(signature.subarray(1))).toBe(false);
    expect(extractable).toEqual([false, false]);
  });

  test("E7 bytes that another thread shares are copied before the platform verifies them", async () => {
    const platform = webCryptoEd25519(crypto.subtle);
    const { publicKey, sign } = await platform.signer(new Uint8Array(32).fill(3));
    const signature = await sign("sign-envelope", new Uint8Array(3));
    const message = signingInput("sign-envelope", new Uint8Array(3));
    const shared = new Uint8Array(new SharedArrayBuffer(message.length));
    shared.set(message);
    expect(await platform.verifier.verify(publicKey, shared, signature)).toBe(true);
  });
});

import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { describeVerifier } from "../../../workers/protocol/signing-suite.test-kit.ts";
import type { Ed25519Verifier } from "../../../workers/protocol/signing.ts";
import type { Ed25519 } from "./ed25519.ts";
import { isStrictEd25519, nobleEd25519 } from "./ed25519.ts";
import { STRICTNESS } from "./ed25519-vectors.ts";
import { decapsulate, encapsulate, kemKey } from "./kem.ts";
import { hkdf, hkdfExpand, hmacSha512, openRecord, sealRecord } from "./primitives.ts";
import { XWING } from "./xwing-vectors.test-kit.ts";

const hex = hexToBytes;
const SUNSCREEN = utf8ToBytes(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
);
const KEY = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
const AAD = hex("50515253c0c1c2c3c4c5c6c7");

const RFC8032 = [
  {
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    pub: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    pub: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    pub: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
] as const;

/** E7: what every platform's Ed25519 has to do, this one's included. */
export function describeEd25519(name: string, platform: () => Promise<Ed25519>): void {
  test.each(RFC8032)(`E7 ${name}: RFC 8032 section 7.1, message "$message"`, async (vector) => {
    const { verifier } = await platform();
    const [pub, message, signature] = [hex(vector.pub), hex(vector.message), hex(vector.signature)];
    expect(bytesToHex(ed25519.getPublicKey(hex(vector.seed)))).toBe(vector.pub);
    expect(await verifier.verify(pub, message, signature)).toBe(true);
    signature[0] = (signature[0] ?? 0) ^ 1;
    expect(await verifier.verify(pub, message, signature)).toBe(false);
  });

  describe(`E7 ${name}: the contract's vectors`, () => {
    const verifier: Ed25519Verifier = {
      verify: async (...args) => (await platform()).verifier.verify(...args),
    };
    describeVerifier(name, verifier);
  });

  test(`E7 ${name}: S + L, mixed and small order and non-canonical R are refused`, async () => {
    expect(await isStrictEd25519(await platform())).toBe(true);
  });

  test(`E2 ${name}: a signature is of its purpose`, async () => {
    const ed = await platform();
    const { verifier } = ed;
    const signer = await ed.signer(STRICTNESS.seed);
    const { publicKey } = signer;
    const signature = await signer.sign("sign-bundle", STRICTNESS.bytes);
    const message = (purpose: string) =>
      Uint8Array.from([...utf8ToBytes(`thyme/v1/${purpose}\0`), ...STRICTNESS.bytes]);
    expect(await verifier.verify(publicKey, message("sign-bundle"), signature)).toBe(true);
    expect(await verifier.verify(publicKey, message("sign-envelope"), signature)).toBe(false);
    const other = await nobleEd25519.signer(STRICTNESS.seed);
    expect(await other.sign("sign-bundle", STRICTNESS.bytes)).toEqual(signature);
  });

  test(`E7 ${name}: bad lengths are refused, not thrown`, async () => {
    const { verifier } = await platform();
    expect(await verifier.verify(new Uint8Array(31), new Uint8Array(), new Uint8Array(64))).toBe(
      false,
    );
    expect(await verifier.verify(new Uint8Array(32), new Uint8Array(), new Uint8Array(63))).toBe(
      false,
    );
  });
}

/** The primitives against published vectors, on whatever platform runs this. */
export function describePrimitives(): void {
  test("ChaCha20-Poly1305: RFC 8439 section 2.8.2", () => {
    const sealed = chacha20poly1305(KEY, hex("070000004041424344454647"), AAD).encrypt(SUNSCREEN);
    expect(bytesToHex(sealed)).toBe(
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691",
    );
  });

  test("E8 XChaCha20-Poly1305: draft-irtf-cfrg-xchacha-03 appendix A.3.1, nonce first", () => {
    const nonce = Uint8Array.from({ length: 24 }, (_, i) => 0x40 + i);
    const sealed = sealRecord({ bytes: () => nonce }, KEY, SUNSCREEN, AAD);
    expect(bytesToHex(sealed.subarray(24))).toBe(
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49",
    );
    expect(sealed.subarray(0, 24)).toEqual(nonce);
    expect(openRecord(KEY, sealed, AAD)).toEqual(SUNSCREEN);
    expect(xchacha20poly1305(KEY, nonce, AAD).decrypt(sealed.subarray(24))).toEqual(SUNSCREEN);
  });

  test("X25519: RFC 7748 section 5.2", () => {
    const shared = x25519.scalarMult(
      hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
      hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
    );
    expect(bytesToHex(shared)).toBe(
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    );
  });

  test("HMAC-SHA-512: RFC 4231 test case 2; HKDF (RFC 5869) built on it as it says", () => {
    expect(
      bytesToHex(hmacSha512(utf8ToBytes("Jefe"), utf8ToBytes("what do ya want for nothing?"))),
    ).toBe(
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    );
    const [ikm, salt, info] = [KEY, AAD, SUNSCREEN];
    const prk = hmacSha512(salt, ikm);
    const t1 = hmacSha512(prk, Uint8Array.from([...info, 1]));
    const t2 = hmacSha512(prk, Uint8Array.from([...t1, ...info, 2]));
    expect(hkdf(ikm, info, 100, salt)).toEqual(Uint8Array.from([...t1, ...t2]).slice(0, 100));
    expect(hkdfExpand(prk, info, 100)).toEqual(hkdf(ikm, info, 100, salt));
    expect(hkdf(ikm, info, 32)).toEqual(hkdf(ikm, info, 32, new Uint8Array(64)));
  });

  test.each(XWING)("X-Wing: draft-connolly-cfrg-xwing-kem appendix C, seed $seed", (vector) => {
    const key = kemKey(hex(vector.seed));
    const { ciphertext, secret } = encapsulate({ bytes: () => hex(vector.eseed) }, key.publicKey);
    expect([key.publicKey.length, ciphertext.length]).toEqual([1216, 1120]);
    expect(bytesToHex(secret)).toBe(vector.ss);
    expect(bytesToHex(decapsulate(key, ciphertext))).toBe(vector.ss);
    expect(bytesToHex(key.publicKey).startsWith(vector.pk)).toBe(true);
    expect(bytesToHex(ciphertext).startsWith(vector.ct)).toBe(true);
  });
}

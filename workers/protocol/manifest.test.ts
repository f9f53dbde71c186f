import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "./errors.ts";
import { makeAccount, signWith, withDevice } from "./manifest.test-kit.ts";
import { decodeAccountSeals, decodeSignedManifest, sealsHash } from "./manifest.ts";

const first = makeAccount();
const second = withDevice(first);

describe("K5 seals beside the manifest", () => {
  test("K5 their hash is signed", () => {
    expect(sealsHash(first.sealsCbor)).toEqual(first.core.sealsHash);
    expect(sealsHash(second.sealsCbor)).not.toEqual(first.core.sealsHash);
  });

  test("K5 E1 manifest and seals decode only in their one encoding", () => {
    expect(decodeSignedManifest(first.manifestCbor)).toEqual(first.signed);
    expect(decodeAccountSeals(first.sealsCbor).devices).toHaveLength(1);
    const longer = Uint8Array.from([...first.sealsCbor, 0]);
    expect(() => decodeAccountSeals(longer)).toThrow(ProtocolError);
    expect(() => decodeSignedManifest(first.sealsCbor)).toThrow(ProtocolError);
  });
});

test("the kit signs as RFC 8032 does", () => {
  const signature = signWith(first.seed, "sign-manifest", first.signed.core);
  expect(signature).toEqual(first.signed.signature);
  expect(ed25519.getPublicKey(first.seed)).toEqual(first.core.accountPub);
});

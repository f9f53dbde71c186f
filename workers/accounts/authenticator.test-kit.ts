import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { encode } from "cborg";
import { concatBytes, toBase64url } from "../protocol/bytes.ts";
import type { Attestation } from "../protocol/http/accounts.ts";
import type { Assertion } from "../protocol/http/sessions.ts";

const UP = 0x01;
const UV = 0x04;
const ATTESTED = 0x40;

/** What a ceremony may get wrong. */
export interface Ceremony {
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
  readonly isVerified?: boolean;
  readonly type?: string;
  /** statement format and statement, "none" by default */
  readonly statement?: { readonly fmt: string; readonly attStmt: object };
}

/** A passkey authenticator in software: P-256, user verification, discoverable (WebAuthn level 3, section 6). */
export class SoftAuthenticator {
  readonly #secret = p256.utils.randomSecretKey();
  readonly #credential = randomBytes(32);
  #counter = 0;

  constructor(readonly usesCounter = false) {}

  get credential(): string {
    return toBase64url(this.#credential);
  }

  #authData(ceremony: Ceremony, extra: Uint8Array): Uint8Array {
    const flags = UP | (ceremony.isVerified === false ? 0 : UV) | (extra.length > 0 ? ATTESTED : 0);
    const counter = new Uint8Array(4);
    if (this.usesCounter) new DataView(counter.buffer).setUint32(0, ++this.#counter);
    return concatBytes(sha256(utf8ToBytes(ceremony.rpId)), Uint8Array.of(flags), counter, extra);
  }

  #clientData(type: string, { challenge, origin }: Ceremony): Uint8Array {
    return utf8ToBytes(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #attestedCredential(): Uint8Array {
    const point = p256.getPublicKey(this.#secret, false);
    const key = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, point.slice(1, 33)],
      [-3, point.slice(33)],
    ]);
    const length = Uint8Array.of(0, this.#credential.length);
    return concatBytes(new Uint8Array(16), length, this.#credential, encode(key));
  }

  create(ceremony: Ceremony): Attestation {
    const authData = this.#authData(ceremony, this.#attestedCredential());
    const { fmt, attStmt } = ceremony.statement ?? { fmt: "none", attStmt: {} };
    return {
      id: this.credential,
      rawId: this.credential,
      type: "public-key",
      response: {
        clientDataJSON: toBase64url(this.#clientData(ceremony.type ?? "webauthn.create", ceremony)),
        attestationObject: toBase64url(encode({ fmt, attStmt, authData })),
      },
    };
  }

  get(ceremony: Ceremony, userHandle: Uint8Array): Assertion {
    const authData = this.#authData(ceremony, new Uint8Array());
    const clientData = this.#clientData(ceremony.type ?? "webauthn.get", ceremony);
    const signed = concatBytes(authData, sha256(clientData));
    const signature = p256.sign(signed, this.#secret, { format: "der", lowS: false });
    return {
      id: this.credential,
      rawId: this.credential,
      type: "public-key",
      response: {
        clientDataJSON: toBase64url(clientData),
        authenticatorData: toBase64url(authData),
        signature: toBase64url(signature),
        userHandle: toBase64url(userHandle),
      },
    };
  }
}

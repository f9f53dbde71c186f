/** Runs in Chromium: sealing and opening as the app does it, and the bare primitives over the same bytes. */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { expand } from "@noble/hashes/hkdf.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { type Envelope, decodeEnvelope } from "../../../workers/protocol/envelope.ts";
import {
  chooseEd25519,
  isStrictEd25519,
  webCryptoEd25519,
} from "../../../web/core/crypto/ed25519.ts";
import { messageKey } from "../../../web/core/messages/keys.ts";
import { openEnvelopes } from "../../../web/core/messages/open.ts";
import type { Assigned } from "../../../web/core/messages/payload.ts";
import { epochOf, newRoom, senderOf, write } from "../../../web/core/messages/room.test-kit.ts";
import { sealEnvelope } from "../../../web/core/messages/seal.ts";
import { platformSubtle } from "../../../web/platform/subtle.ts";

const TEXT = "x".repeat(200);
const ED25519 = { name: "Ed25519" } as const;
const NONCE = new Uint8Array(12);
/** As the app draws it. */
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

/** Copies for WebCrypto, which takes no memory that other threads may share. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** Everything that is measured; `count` messages at a time, in batches as the app makes and receives them. */
export interface CryptoBench {
  /** WebCrypto where it is strict, as in the app (E7); else the figures would be noble's */
  readonly isPlatform: boolean;
  seal(count: number): Promise<void>;
  bareSeal(count: number): Promise<void>;
  open(count: number): Promise<void>;
  bareOpen(count: number): Promise<void>;
}

const BATCH = 64;

/** Keys, one conversation and a batch of envelopes; none of this is measured. */
export async function prepare(): Promise<CryptoBench> {
  const room = await newRoom("bench");
  const ed25519 = await chooseEd25519(platformSubtle);
  const context = { ...room.context, verifier: ed25519.verifier };
  const epoch = epochOf(room.together);
  const signer = await ed25519.signer(room.owner.device.signSeed);
  const sender = { ...senderOf(room.owner), signer };
  const messages = fill(() => write(room, room.owner, TEXT));
  const sealed = await sealAll(messages);
  const newest = epoch.n;
  const signing = await crypto.subtle.generateKey(ED25519, false, ["sign", "verify"]);
  if (!("privateKey" in signing)) throw new RangeError("no key pair");
  const { privateKey, publicKey } = signing;
  const parts = sealed.map((bytes) => decodeEnvelope(bytes));
  const signatures = await Promise.all(
    parts.map((part) => crypto.subtle.sign(ED25519, privateKey, own(hashOf(part)))),
  );

  function sealAll(batch: readonly Assigned[]): Promise<Uint8Array[]> {
    return Promise.all(batch.map((message) => sealEnvelope(random, sender, epoch, message)));
  }

  /** M2 and M3 without any of our own code: hash, expand, commit, encrypt, hash, sign. */
  const bareSealOne = async ({ header }: Envelope, payload: Uint8Array): Promise<ArrayBuffer> => {
    const bound = sha256(header);
    const key = expand(sha512, epoch.secret, bound, 32);
    const ciphertext = chacha20poly1305(key, NONCE, header).encrypt(payload);
    const hash = hashOf({ header, keyCommit: sha256(key), ciphertext });
    return crypto.subtle.sign(ED25519, privateKey, own(hash));
  };

  const keys = parts.map(({ header }) => messageKey(epoch.secret, header));
  /** M3 and M2: hash, verify, hash, expand, commit, decrypt, digest. */
  const bareOpenOne = async (part: Envelope, i: number): Promise<Uint8Array> => {
    const { header, ciphertext } = part;
    const signature = signatures[i];
    const key = keys[i];
    if (!signature || !key) throw new RangeError("no signature");
    const isRight = await crypto.subtle.verify(ED25519, publicKey, signature, own(hashOf(part)));
    if (!isRight) throw new RangeError("not verified");
    sha256(expand(sha512, epoch.secret, sha256(header), 32));
    return sha256(chacha20poly1305(key, NONCE, header).decrypt(ciphertext));
  };

  return {
    isPlatform:
      platformSubtle !== null && (await isStrictEd25519(webCryptoEd25519(platformSubtle))),
    seal: (count) => inBatches(count, () => sealAll(messages)),
    bareSeal: (count) =>
      inBatches(count, () =>
        Promise.all(parts.map((part, i) => bareSealOne(part, messages[i]?.payload ?? NONCE))),
      ),
    open: (count) =>
      inBatches(count, async () => {
        const opened = await openEnvelopes(
          context,
          sealed.map((bytes) => ({ bytes, newest })),
        );
        if (opened.some(({ ok }) => !ok)) throw new RangeError("an envelope did not open");
      }),
    bareOpen: (count) => inBatches(count, () => Promise.all(parts.map(bareOpenOne))),
  };
}

/** What the device signs (M3), by the bare hash. */
const hashOf = ({ header, keyCommit, ciphertext }: Omit<Envelope, "signature">): Uint8Array =>
  sha256.create().update(header).update(keyCommit).update(ciphertext).digest();

const fill = <T>(make: () => T): T[] => Array.from({ length: BATCH }, make);

async function inBatches(count: number, batch: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += BATCH) await batch();
}

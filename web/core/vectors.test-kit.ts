import { concatBytes } from "../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../workers/protocol/cbor.ts";
import { bundleHash } from "../../workers/protocol/bundle.ts";
import { decodeEnvelope } from "../../workers/protocol/envelope.ts";
import { decodeReceipt, decodeReceiptHeader, receiptHash } from "../../workers/protocol/receipt.ts";
import { openDeviceSeal, openUnlockSeal } from "./account/seals.ts";
import { headOf } from "./account/history.ts";
import { createConversation, joinConversation, acceptBuilt } from "./conversation/changes.ts";
import { applyBundle } from "./conversation/verify.ts";
import type { Ed25519 } from "./crypto/ed25519.ts";
import { countingCrypto } from "./crypto/file-crypto.test-kit.ts";
import { sha256 } from "./crypto/primitives.ts";
import { formatRecoveryCode, recoveryProof, recoveryUnlockKey } from "./crypto/recovery-code.ts";
import { openSeal, seal } from "./crypto/seal.ts";
import type { Suite } from "./crypto/suite.ts";
import { PRF_SALT, prfUnlockKey, unlockEntry } from "./crypto/unlock.ts";
import { sealFile } from "./files/seal.ts";
import { sourceOf } from "./files/source.ts";
import { inviteKeys, pendingEntry, signClaim } from "./invitation/keys.ts";
import { encodeLink } from "./invitation/link.ts";
import { sealLocal } from "./local/record.ts";
import { messageKey, messageKeyCommit } from "./messages/keys.ts";
import { pad } from "./messages/padding.ts";
import type { Content } from "./messages/content.ts";
import { assignMessage, encodePayload, newMessageId } from "./messages/payload.ts";
import { sealEnvelope } from "./messages/seal.ts";
import {
  NOW,
  authorOf,
  contextOf,
  deliver,
  newPerson,
  newestOf,
  seededRandom,
} from "./people.test-kit.ts";
import { privateKeys } from "./private-state/keys.ts";
import { receiptKey } from "./receipts/keys.ts";
import { sealReceipt } from "./receipts/seal.ts";
import { sealPrivateRecord } from "./private-state/records.ts";

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Short objects in full, long ones by length and SHA-256. */
const frozen = (bytes: Uint8Array): string =>
  bytes.length <= 128 ? hex(bytes) : `${bytes.length} bytes, sha256 ${hex(sha256(bytes))}`;

const some = (bytes: Uint8Array | null | undefined): Uint8Array => {
  if (!bytes) throw new RangeError("missing");
  return bytes;
};

async function people(suite: Suite): Promise<Record<string, Uint8Array>> {
  const person = await newPerson(suite);
  const { prepared, device, recoverySecret, account } = person;
  const { core } = prepared.verified;
  const proof = recoveryProof(recoverySecret);
  const unlock = recoveryUnlockKey(recoverySecret);
  return {
    account,
    "account seed, opened by the code": openUnlockSeal(core, prepared.seals, unlock).accountSeed,
    "user seed, opened by the device": some(
      openDeviceSeal(core, prepared.seals, device).userKeys[0]?.seed,
    ),
    device: device.id,
    "device signing key": device.signPub,
    "device sealing key": device.kem.publicKey,
    manifest: prepared.signed.core,
    "manifest hash": prepared.verified.hash,
    "manifest signature": prepared.signed.signature,
    "account seals": prepared.seals,
    "recovery id": proof.id,
    "recovery auth": proof.auth,
    "recovery auth hash": proof.authHash,
    "recovery unlock key": unlock.kem.publicKey,
    "unlock proof of the code": unlockEntry(unlock, account).proof,
    "prf salt": PRF_SALT,
    "prf unlock key": prfUnlockKey(account).kem.publicKey,
  };
}

async function talk(suite: Suite): Promise<Record<string, Uint8Array>> {
  const { random } = suite;
  const owner = await newPerson(suite);
  const patient = await newPerson(suite);
  const invite = inviteKeys(random.bytes(32));
  const entry = pendingEntry(invite, NOW);
  const created = await createConversation(suite, authorOf(owner), [entry], NOW);
  const alone = await applyBundle(
    contextOf(patient, owner),
    null,
    deliver(created.upload, invite.id),
    { kind: "invite", id: invite.id, kem: invite.kem },
  );
  const joined = await joinConversation(
    suite,
    authorOf(patient),
    alone,
    newestOf(owner),
    invite,
    NOW,
  );
  const together = acceptBuilt(alone, joined);
  const where = { conversation: together.id, device: patient.device.id };
  const id = newMessageId(random, NOW);
  const first = assignMessage(random, where, null, id, NOW, { kind: "text", text: "¡Hola!" });
  const sender = { account: patient.account, manifestVersion: 1, signer: patient.signer };
  const secret = some(joined.epoch.secret);
  const envelope = await sealEnvelope(
    random,
    { ...sender, device: patient.device.id },
    { conversation: together.id, n: 1, head: joined.checked.hash, secret },
    first,
  );
  const { header } = decodeEnvelope(envelope);
  const reader = { account: owner.account, device: owner.device.id, manifestVersion: 1 };
  const reading = { seq: 3, digest: first.digest, at: NOW, except: [2], presence: true };
  const receipt = await sealReceipt(
    random,
    { ...reader, signer: owner.signer },
    { conversation: together.id, n: 1, head: joined.checked.hash, secret },
    1,
    reading,
  );
  const shown = decodeReceipt(receipt);
  return {
    invite: invite.id,
    "invite signing key": invite.signPub,
    "invite sealing key": invite.kem.publicKey,
    "invite claim": await signClaim(suite, invite, patient.account),
    conversation: together.id,
    "bundle 0": created.upload.core,
    "bundle 0 hash": bundleHash(created.upload.core),
    "bundle 0 signature": created.upload.signature,
    "bundle 0 seal": some(created.upload.seals[0]),
    "key commit": created.checked.core.keyCommit,
    "share commit": created.checked.core.shareCommit,
    "epoch secret, opened by the invitation": some(alone.epochs.get(0)?.secret),
    "bundle 1": joined.upload.core,
    "bundle 1 invite signature": some(joined.upload.inviteSignature),
    "bundle 1 grant": some(joined.upload.grants[0]),
    payload: first.payload,
    digest: first.digest,
    "message id": id,
    "message key": messageKey(secret, header),
    "message key commit": messageKeyCommit(messageKey(secret, header)),
    envelope,
    receipt,
    "receipt hash": receiptHash(shown.header, shown.ciphertext),
    "receipt key": receiptKey(secret, decodeReceiptHeader(shown.header)),
    "manifest hash of the owner": headOf(owner.history).hash,
  };
}

function records(suite: Suite): Record<string, Uint8Array> {
  const { random } = suite;
  const account = random.bytes(32);
  const userSeed = random.bytes(32);
  const { kem: key } = recoveryUnlockKey(random.bytes(16));
  const sealed = seal(random, key.publicKey, "seal/device", [account, account, 1], userSeed);
  const keys = privateKeys(account, [{ seed: userSeed }]);
  const profile = sealPrivateRecord(random, keys, { kind: "profile", name: "Ana" }, 0);
  return {
    cbor: encodeCbor({ b: [1, null, true], a: new Uint8Array([1]), long: "é", "-": -1 }),
    "padding of 3 bytes": pad(new Uint8Array([1, 2, 3])),
    "padding of 2,000 bytes": pad(new Uint8Array(2000).fill(7)),
    seal: sealed,
    "seal, opened": openSeal(key, "seal/device", [account, account, 1], sealed),
    "private name": profile.name,
    "private value": profile.value,
    "local value": sealLocal(random, userSeed, "store", ["key", 1], account),
  };
}

/** M5: payloads that are about another message. */
function payloads({ random }: Suite): Record<string, Uint8Array> {
  const prev = random.bytes(32);
  const target = { device: random.bytes(32), deviceSeq: 7, digest: random.bytes(32), seq: 9 };
  const edits = [{ ...target, deviceSeq: 8, seq: 11 }];
  const of = (content: Content): Uint8Array => encodePayload(random, prev, NOW, content);
  return {
    "payload of a reply": of({ kind: "text", text: "Sí", reply: target }),
    "payload of an edit": of({ kind: "edit", target, text: "¡Hola, Ana!" }),
    "payload of a deletion": of({ kind: "deletion", target }),
    "payload of a deletion with edits": of({ kind: "deletion", target, edits }),
    "payload of a reaction": of({ kind: "reaction", target, emoji: "👍" }),
    "payload of a reaction taken back": of({ kind: "reaction", target, emoji: null }),
    "payload of a profile": of({ kind: "profile", name: "Ana" }),
    "payload of a file": of({
      kind: "file",
      blob: random.bytes(16),
      key: random.bytes(32),
      trailer: random.bytes(32),
      size: 4_321,
      type: "image/jpeg",
      name: "comida.jpg",
      caption: "La comida",
      image: { width: 640, height: 480, thumb: random.bytes(25) },
      reply: target,
    }),
    "payload of a voice note": of({
      kind: "file",
      blob: random.bytes(16),
      key: random.bytes(32),
      trailer: random.bytes(32),
      size: 4_321,
      type: "audio/webm",
      name: "voz.webm",
      audio: { seconds: 12, waveform: random.bytes(64) },
      voice: true,
    }),
  };
}

/** F1: a file of one chunk, and one of two, as they are uploaded. */
async function files({ random }: Suite): Promise<Record<string, Uint8Array>> {
  const sealed = async (plain: Uint8Array): Promise<readonly Uint8Array[]> => {
    const stored: Uint8Array[] = [];
    const write = async (bytes: Uint8Array) => void stored.push(bytes);
    const { key, trailer } = await sealFile(countingCrypto(), random, sourceOf(plain), write);
    return [key, trailer, concatBytes(...stored)];
  };
  const [key, trailer, stored] = await sealed(random.bytes(40));
  const [, longTrailer, long] = await sealed(new Uint8Array(1_100_000).fill(7));
  return {
    "file key": some(key),
    "file trailer's hash": some(trailer),
    "file of 40 bytes": some(stored),
    "long file trailer's hash": some(longTrailer),
    "file of 1,100,000 bytes": some(long),
  };
}

/** Keys to bytes, for every object of the protocol: equal on every platform, and frozen. */
export async function computeVectors(ed25519: Ed25519): Promise<Record<string, string>> {
  const suite = (seed: string): Suite => ({ random: seededRandom(seed), ed25519 });
  const all = {
    ...(await people(suite("vectors: people"))),
    ...(await talk(suite("vectors: talk"))),
    ...records(suite("vectors: records")),
    ...payloads(suite("vectors: payloads")),
    ...(await files(suite("vectors: files"))),
  };
  const counted = Uint8Array.from({ length: 32 }, (_, i) => i);
  return {
    ...Object.fromEntries(Object.entries(all).map(([name, bytes]) => [name, frozen(bytes)])),
    "recovery code": formatRecoveryCode(counted.slice(0, 16)),
    link: encodeLink({ kind: "patient", inviter: counted, secret: counted }),
    "practitioner link": encodeLink({
      kind: "practitioner",
      inviter: counted,
      secret: counted,
      name: "Ana",
    }),
  };
}

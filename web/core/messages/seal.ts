import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import {
  type Envelope,
  type EnvelopeHeader,
  envelopeHash,
} from "../../../workers/protocol/envelope.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import type { Signer } from "../crypto/ed25519.ts";
import { type Random, sealOnce } from "../crypto/primitives.ts";
import { CoreError } from "../errors.ts";
import { messageKey, messageKeyCommit } from "./keys.ts";
import { isQuiet } from "./content.ts";
import { type Assigned, decodePayload } from "./payload.ts";

/** The epoch that a message goes out under: the conversation's newest bundle (M7). */
export interface SendingEpoch {
  readonly conversation: Uint8Array;
  readonly n: number;
  readonly head: Uint8Array;
  readonly secret: Uint8Array;
}

/** Who sends: the newest manifest version of the own account that this device holds (C8). */
export interface SendingDevice {
  readonly account: Uint8Array;
  readonly device: Uint8Array;
  readonly manifestVersion: number;
  readonly signer: Signer;
}

/**
 * M1, M2, M3: one envelope, ready to send. The salt is drawn here, at every call, so that sealing the same
 * payload again (M7) never reuses a key. Throws CoreError `too_long`.
 */
export async function sealEnvelope(
  random: Random,
  sender: SendingDevice,
  epoch: SendingEpoch,
  message: Assigned,
  blobIds: readonly Uint8Array[] = [],
): Promise<Uint8Array> {
  const o: EnvelopeHeader = {
    v: PROTOCOL_VERSION,
    conversation: epoch.conversation,
    n: epoch.n,
    head: epoch.head,
    account: sender.account,
    device: sender.device,
    manifestVersion: sender.manifestVersion,
    deviceSeq: message.deviceSeq,
    messageId: message.messageId,
    salt: random.bytes(32),
    quiet: isQuiet(decodePayload(message.payload).content),
    blobIds: [...blobIds],
  };
  const header = encodeCbor(o);
  const key = messageKey(epoch.secret, header);
  const keyCommit = messageKeyCommit(key);
  const ciphertext = sealOnce(key, message.payload, header);
  const signature = await sender.signer.sign(
    "sign-envelope",
    envelopeHash(header, keyCommit, ciphertext),
  );
  const envelope: Envelope = { header, keyCommit, ciphertext, signature };
  const bytes = encodeCbor(envelope);
  if (bytes.length > LIMITS.envelope) throw new CoreError("too_long", "envelope");
  return bytes;
}

import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import {
  type Envelope,
  type EnvelopeHeader,
  decodeEnvelope,
  decodeEnvelopeHeader,
  envelopeHash,
} from "../../../workers/protocol/envelope.ts";
import { type Care, newCare } from "../conversation/care.test-kit.ts";
import { type Conversation, headBundle } from "../conversation/state.ts";
import { sealOnce } from "../crypto/primitives.ts";
import { NOW, type Person, contextOf } from "../people.test-kit.ts";
import { messageKey, messageKeyCommit } from "./keys.ts";
import type { OpeningContext } from "./authority.ts";
import type { Content } from "./content.ts";
import { type Assigned, assignMessage, newMessageId } from "./payload.ts";
import { type SendingDevice, type SendingEpoch, sealEnvelope } from "./seal.ts";

/** Two people in one conversation, able to write. */
export interface Room extends Care {
  readonly context: OpeningContext;
}

export async function newRoom(seed: string): Promise<Room> {
  const care = await newCare(seed);
  const context = { ...contextOf(care.owner, care.patient), conversation: care.together };
  return { ...care, context };
}

export const senderOf = (person: Person, manifestVersion = 1): SendingDevice => ({
  account: person.account,
  device: person.device.id,
  manifestVersion,
  signer: person.signer,
});

export function epochOf(conversation: Conversation, n?: number): SendingEpoch {
  const bundle = n === undefined ? headBundle(conversation) : conversation.bundles[n];
  const secret = bundle && conversation.epochs.get(bundle.core.n)?.secret;
  if (!bundle || !secret) throw new RangeError("no epoch");
  return { conversation: conversation.id, n: bundle.core.n, head: bundle.hash, secret };
}

type Tip = { readonly deviceSeq: number; readonly digest: Uint8Array } | null;

export const write = (room: Care, person: Person, text: string, tip: Tip = null): Assigned =>
  writeContent(room, person, { kind: "text", text }, tip);

export function writeContent(room: Care, person: Person, content: Content, tip: Tip): Assigned {
  const { random } = room.suite;
  const where = { conversation: room.together.id, device: person.device.id };
  return assignMessage(random, where, tip, newMessageId(random, NOW), NOW, content);
}

export const send = (room: Care, person: Person, message: Assigned): Promise<Uint8Array> =>
  sealEnvelope(room.suite.random, senderOf(person), epochOf(room.together), message);

/** An envelope taken apart, changed and signed again: what its author, or a thief of the key, can make. */
export async function resigned(
  person: Person,
  bytes: Uint8Array,
  change: (parts: { header: EnvelopeHeader; envelope: Envelope }) => {
    header?: EnvelopeHeader;
    envelope?: Partial<Envelope>;
  },
): Promise<Uint8Array> {
  const envelope = decodeEnvelope(bytes);
  const header = decodeEnvelopeHeader(envelope.header);
  const made = change({ header, envelope });
  const next = {
    ...envelope,
    ...made.envelope,
    ...(made.header ? { header: encodeCbor(made.header) } : {}),
  };
  const hash = envelopeHash(next.header, next.keyCommit, next.ciphertext);
  const signature = await person.signer.sign("sign-envelope", hash);
  return encodeCbor({ ...next, signature });
}

/** An envelope over these plaintext bytes, whatever they are, made by an author of bad will. */
export function sealedAnyhow(
  room: Care,
  person: Person,
  bytes: Uint8Array,
  plaintext: Uint8Array,
  change: (header: EnvelopeHeader) => EnvelopeHeader = (header) => header,
): Promise<Uint8Array> {
  return resigned(person, bytes, ({ header: old }) => {
    const header = change(old);
    const encoded = encodeCbor(header);
    const key = messageKey(epochOf(room.together).secret, encoded);
    const ciphertext = sealOnce(key, plaintext, encoded);
    return { header, envelope: { keyCommit: messageKeyCommit(key), ciphertext } };
  });
}

import { randomBytes } from "@noble/hashes/utils.js";
import {
  type Person,
  claimOf,
  seedInvite,
  seedPerson,
  signInAs,
} from "../accounts/person.test-kit.ts";
import {
  type TestBundle,
  type TestInvite,
  authorOf,
  createBundle,
  inviteBundle,
  joinBundle,
  makeInvite,
} from "../protocol/bundle.test-kit.ts";
import { makeEnvelope } from "../conversation/envelope.test-kit.ts";
import type { BundleCore, BundleUpload } from "../protocol/bundle.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { decodeConversationDown } from "../protocol/frames.ts";
import { type ConversationId, parseConversationId } from "../protocol/ids.ts";

/** A practitioner and a patient who share a conversation, others who do not, and what they own. */
export interface World {
  readonly practitioner: Person & { readonly conversation: ConversationId };
  readonly otherPractitioner: Person;
  readonly patient: Person;
  readonly otherPatient: Person;
  readonly administrator: Person;
  readonly conversation: ConversationId;
  /** pending in another conversation of the practitioner's */
  readonly openInvite: TestInvite;
  /** key of a private record of the patient */
  readonly recordOfPatient: string;
  /** a file that a message of the patient names */
  readonly blobOfPatient: string;
  /** id of a session that is opened for this */
  newSessionOf(person: Person): Promise<string>;
}

const now = (core: BundleCore): BundleCore => ({ ...core, time: Date.now() });

async function send({ browser }: Person, conversation: string, upload: BundleUpload) {
  const frame = encodeCbor({ t: "bundle", bundle: upload, envelopes: [] });
  const { frames } = await browser.get("frames", {
    params: { conversation },
    body: { frames: [toBase64url(frame)] },
  });
  const [answer] = frames.map((text) => decodeConversationDown(fromBase64url(text)));
  if (answer?.t !== "accepted") throw new Error(`bundle: ${JSON.stringify(answer)}`);
}

/** A file that a message of this person names, under this bundle. */
async function sendFile({ browser, account }: Person, conversation: string, bundle: TestBundle) {
  const blob = randomBytes(16);
  const params = { conversation, blob: toBase64url(blob), part: "1" };
  await browser.get("beginUpload", { params, body: { blob: params.blob, bytes: 100 } });
  await browser.get("uploadPart", { params, body: new Uint8Array(100) });
  await browser.get("finishUpload", { params });
  const named = makeEnvelope(authorOf(account), bundle, 1, { blobIds: [blob] });
  const frame = encodeCbor({ t: "send", envelopes: [named.bytes] });
  const body = { frames: [toBase64url(frame)] };
  const { frames } = await browser.get("frames", { params, body });
  const [answer] = frames.map((text) => decodeConversationDown(fromBase64url(text)));
  if (answer?.t !== "ack") throw new Error(`file: ${JSON.stringify(answer)}`);
  return params.blob;
}

export async function makeWorld(): Promise<World> {
  const practitioner = await seedPerson("practitioner");
  const patient = await seedPerson("patient");
  const owner = authorOf(practitioner.account);
  const first = makeInvite(Date.now() + 1_000_000);
  const openInvite = makeInvite(Date.now() + 1_000_000);
  const genesis = createBundle(owner, [first], now);
  const body = { bundleCbor: toBase64url(encodeCbor(genesis.upload)) };
  const made = await practitioner.browser.get("createConversation", { body });
  const conversation = parseConversationId(made.conversation);
  const params = { invite: toBase64url(first.id) };
  await seedInvite(first, practitioner.id, conversation);
  const { signature } = claimOf(first, patient.account.id);
  await patient.browser.get("claim", { params, body: { signature } });
  const joined = joinBundle(authorOf(patient.account), genesis, first, now);
  await send(patient, conversation, joined.upload);
  const invited = inviteBundle(owner, joined, makeInvite(Date.now() + 1_000_000), now);
  await send(practitioner, conversation, invited.upload);
  // Elsewhere: a claim lets its maker read the conversation.
  const other = createBundle(owner, [openInvite], now);
  const otherBody = { bundleCbor: toBase64url(encodeCbor(other.upload)) };
  const elsewhere = await practitioner.browser.get("createConversation", { body: otherBody });
  await seedInvite(openInvite, practitioner.id, parseConversationId(elsewhere.conversation));
  const recordOfPatient = toBase64url(new Uint8Array(32).fill(5));
  const record = { params: { key: recordOfPatient }, body: { version: 0, value: "" } };
  await patient.browser.get("putPrivate", record);
  return {
    practitioner: { ...practitioner, conversation },
    otherPractitioner: await seedPerson("practitioner"),
    patient,
    otherPatient: await seedPerson("patient"),
    administrator: await seedPerson("administrator"),
    conversation,
    openInvite,
    recordOfPatient,
    blobOfPatient: await sendFile(patient, conversation, invited),
    async newSessionOf(person) {
      const { sessions } = await (await signInAs(person)).get("sessions");
      return sessions.find(({ current }) => current)?.id ?? "";
    },
  };
}

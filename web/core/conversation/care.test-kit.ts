import type { BundleCore, BundleDelivery, BundleUpload } from "../../../workers/protocol/bundle.ts";
import { decodeBundleCore, sealHash } from "../../../workers/protocol/bundle.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import type { Suite } from "../crypto/suite.ts";
import { type InviteKeys, inviteKeys, newInviteSecret, pendingEntry } from "../invitation/keys.ts";
import {
  NOW,
  type Person,
  authorOf,
  codeOf,
  contextOf,
  deliver,
  newPerson,
  newestOf,
  readerOf,
  seededSuite,
} from "../people.test-kit.ts";
import type { BuiltBundle } from "./build.ts";
import { acceptBuilt, createConversation, joinConversation } from "./changes.ts";
import type { Reader } from "./reader.ts";
import type { Conversation } from "./state.ts";
import { type BundleContext, applyBundle } from "./verify.ts";

/** A nutritionist who invited, a patient who joined: the one shape of v1. */
export interface Care {
  readonly suite: Suite;
  readonly owner: Person;
  readonly patient: Person;
  readonly secret: Uint8Array;
  readonly invite: InviteKeys;
  readonly created: BuiltBundle;
  readonly joined: BuiltBundle;
  /** as the owner holds it before and after the join */
  readonly alone: Conversation;
  readonly together: Conversation;
}

/** The conversation that these deliveries make, one after the other. */
export async function applyBundles(
  context: BundleContext,
  before: Conversation | null,
  deliveries: readonly BundleDelivery[],
  reader: Reader,
): Promise<Conversation> {
  let state = before;
  for (const delivery of deliveries) state = await applyBundle(context, state, delivery, reader);
  if (!state) throw new RangeError("no bundle");
  return state;
}

export const inviteReader = (invite: InviteKeys): Reader => ({
  kind: "invite",
  id: invite.id,
  kem: invite.kem,
});

export async function newCare(seed: string): Promise<Care> {
  const suite = seededSuite(seed);
  const owner = await newPerson(suite);
  const patient = await newPerson(suite);
  const secret = newInviteSecret(suite.random);
  const invite = inviteKeys(secret);
  const entry = pendingEntry(invite, NOW);
  const created = await createConversation(suite, authorOf(owner), [entry], NOW);
  const alone = acceptBuilt(null, created);
  const seen = await applyBundles(
    contextOf(patient, owner),
    null,
    [deliver(created.upload, invite.id)],
    inviteReader(invite),
  );
  const joined = await joinConversation(
    suite,
    authorOf(patient),
    seen,
    newestOf(owner),
    invite,
    NOW + 1,
  );
  const together = await applyBundles(
    contextOf(owner, patient),
    alone,
    [deliver(joined.upload, owner.account)],
    readerOf(owner),
  );
  return { suite, owner, patient, secret, invite, created, joined, alone, together };
}

/** A delivery whose core is altered and signed again by this person: what a hostile author can make. */
export async function forged(
  person: Person,
  delivery: BundleDelivery,
  change: (core: BundleCore) => BundleCore,
): Promise<BundleDelivery> {
  const core = encodeCbor(change(decodeBundleCore(delivery.core)));
  return { ...delivery, core, signature: await person.signer.sign("sign-bundle", core) };
}

/** An upload in which one recipient's seal is another one, named by the core: a hostile author's. */
export async function withSeal(
  person: Person,
  upload: BundleUpload,
  index: number,
  seal: Uint8Array,
): Promise<BundleUpload> {
  const core = decodeBundleCore(upload.core);
  const seals = core.seals.map((entry, i) =>
    i === index ? { ...entry, hash: sealHash(seal) } : entry,
  );
  const bytes = encodeCbor({ ...core, seals });
  return {
    ...upload,
    core: bytes,
    signature: await person.signer.sign("sign-bundle", bytes),
    seals: upload.seals.map((old, i) => (i === index ? seal : old)),
  };
}

/** How the owner's device judges the two bundles of this care, and altered ones in their place. */
export function judgeOf({ owner, patient, alone, created, joined }: Care) {
  const asOwner = contextOf(owner, patient);
  const reader = readerOf(owner);
  return {
    asOwner,
    reader,
    genesis: deliver(created.upload, owner.account),
    join: deliver(joined.upload, owner.account),
    first: (delivery: BundleDelivery, context: BundleContext = asOwner) =>
      codeOf(() => applyBundle(context, null, delivery, reader)),
    second: (delivery: BundleDelivery, context: BundleContext = asOwner) =>
      codeOf(() => applyBundle(context, alone, delivery, reader)),
  };
}

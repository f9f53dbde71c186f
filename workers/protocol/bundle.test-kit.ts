import { ed25519 } from "@noble/curves/ed25519.js";
import { randomBytes } from "@noble/hashes/utils.js";
import {
  type BundleCore,
  type BundleUpload,
  type Change,
  type PendingEntry,
  bundleHash,
  keyCommitOf,
  sealHash,
  shareCommitOf,
} from "./bundle.ts";
import { encodeCbor } from "./cbor.ts";
import { conversationIdOf, inviteIdOf } from "./ids.ts";
import { type TestAccount, type TestDevice, makeKemPublic, signWith } from "./manifest.test-kit.ts";
import { PROTOCOL_VERSION } from "./version.ts";

export interface TestInvite {
  readonly seed: Uint8Array;
  readonly id: Uint8Array;
  readonly entry: PendingEntry;
}

/** A bundle that may be sent, with everything that made it. */
export interface TestBundle {
  readonly core: BundleCore;
  readonly coreBytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly upload: BundleUpload;
  readonly epochKey: Uint8Array;
}

/** Who writes: an account by one of its devices. */
export interface TestAuthor {
  readonly account: TestAccount;
  readonly device: TestDevice;
}

export function authorOf(account: TestAccount, index = 0): TestAuthor {
  const device = account.devices[index];
  if (!device) throw new RangeError("no such device");
  return { account, device };
}

export function makeInvite(expiry = 4_000_000_000_000): TestInvite {
  const seed = randomBytes(32);
  const signPub = ed25519.getPublicKey(seed);
  const entry = { signPub, kemPub: makeKemPublic(), role: "member", expiry } as const;
  return { seed, id: inviteIdOf(signPub), entry };
}

export const rosterEntry = (account: TestAccount, role: "owner" | "member") => ({
  account: account.id,
  role,
  manifest: { version: account.core.version, hash: account.hash },
});

interface Draft {
  readonly before: TestBundle | null;
  readonly conversation: Uint8Array;
  readonly change: Change;
  readonly roster: BundleCore["roster"];
  readonly pending: BundleCore["pending"];
  readonly grantTo?: { readonly recipient: Uint8Array; readonly generation: number };
  readonly time?: number;
}

/** Signs what `alter` leaves of a well-formed core; seals and grants are noise of the right hash. */
export function makeBundle(
  author: TestAuthor,
  draft: Draft,
  alter: (core: BundleCore) => BundleCore = (core) => core,
  invite: TestInvite | null = null,
): TestBundle {
  const n = draft.before ? draft.before.core.n + 1 : 0;
  const epochKey = randomBytes(32);
  const share = randomBytes(32);
  const recipients = [
    ...draft.roster.map(({ account }) => ({ recipient: account, generation: 1 })),
    ...draft.pending.map(({ signPub }) => ({ recipient: inviteIdOf(signPub), generation: 0 })),
  ];
  const seals = recipients.map(() => randomBytes(1168));
  const grants = draft.grantTo && n > 0 ? [randomBytes(1168)] : [];
  const core = alter({
    v: PROTOCOL_VERSION,
    conversation: draft.conversation,
    n,
    prev: draft.before?.hash ?? null,
    change: draft.change,
    roster: draft.roster,
    pending: draft.pending,
    keyCommit: keyCommitOf(draft.conversation, n, epochKey),
    shareCommit: shareCommitOf(draft.conversation, n, share),
    seals: recipients.map((to, i) => ({ ...to, hash: sealHash(seals[i] ?? new Uint8Array()) })),
    grants: grants.map((grant) => ({
      recipient: draft.grantTo?.recipient ?? new Uint8Array(32),
      generation: draft.grantTo?.generation ?? 1,
      from: 0,
      to: n - 1,
      hash: sealHash(grant),
    })),
    author: {
      account: author.account.id,
      device: author.device.id,
      manifestVersion: author.account.core.version,
    },
    time: draft.time ?? 1_000,
  });
  const coreBytes = encodeCbor(core);
  const signature = signWith(author.device.seed, "sign-bundle", coreBytes);
  const inviteSignature = invite ? signWith(invite.seed, "sign-bundle", coreBytes) : null;
  const upload = { core: coreBytes, signature, inviteSignature, seals, grants, share };
  return { core, coreBytes, hash: bundleHash(coreBytes), upload, epochKey };
}

type Alter = (core: BundleCore) => BundleCore;

/** With seals for exactly the roster and pending entries it has: so that no other rule refuses it. */
export const resealed = (core: BundleCore): BundleCore => ({
  ...core,
  seals: [
    ...core.roster.map(({ account }) => ({ recipient: account, generation: 1 })),
    ...core.pending.map(({ signPub }) => ({ recipient: inviteIdOf(signPub), generation: 0 })),
  ].map((to) => ({ ...to, hash: randomBytes(32) })),
});

/** Bundle 0. */
export function createBundle(
  author: TestAuthor,
  invites: readonly TestInvite[] = [],
  alter?: Alter,
): TestBundle {
  const nonce = randomBytes(32);
  return makeBundle(
    author,
    {
      before: null,
      conversation: conversationIdOf(author.account.id, nonce),
      change: { kind: "create", nonce },
      roster: [rosterEntry(author.account, "owner")],
      pending: invites.map(({ entry }) => entry),
    },
    alter,
  );
}

export const inviteBundle = (
  author: TestAuthor,
  before: TestBundle,
  invite: TestInvite,
  alter?: Alter,
): TestBundle =>
  makeBundle(
    author,
    {
      before,
      conversation: before.core.conversation,
      change: { kind: "invite", invite: invite.id },
      roster: before.core.roster,
      pending: [...before.core.pending, invite.entry],
      grantTo: { recipient: invite.id, generation: 0 },
    },
    alter,
  );

export const withdrawBundle = (
  author: TestAuthor,
  before: TestBundle,
  invite: TestInvite,
  alter?: Alter,
): TestBundle =>
  makeBundle(
    author,
    {
      before,
      conversation: before.core.conversation,
      change: { kind: "withdraw", invite: invite.id },
      roster: before.core.roster,
      pending: before.core.pending.filter(({ signPub }) => signPub !== invite.entry.signPub),
    },
    alter,
  );

export const joinBundle = (
  author: TestAuthor,
  before: TestBundle,
  invite: TestInvite,
  alter?: Alter,
): TestBundle =>
  makeBundle(
    author,
    {
      before,
      conversation: before.core.conversation,
      change: { kind: "join", invite: invite.id },
      roster: [...before.core.roster, rosterEntry(author.account, "member")],
      pending: before.core.pending.filter(({ signPub }) => signPub !== invite.entry.signPub),
      grantTo: { recipient: author.account.id, generation: 1 },
    },
    alter,
    invite,
  );

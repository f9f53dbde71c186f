import {
  type BundleCore,
  type BundleUpload,
  type Change,
  type RosterEntry,
  bundleHash,
  decodeBundleCore,
  sealHash,
  shareCommitOf,
} from "./bundle.ts";
import { findMember, findPending, inviteOf, ownerOf } from "./bundle-entries.ts";
import { equalBytes, toBase64url } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { conversationIdOf } from "./ids.ts";
import { isAdmissibleKemKey, isAdmissibleSigningKey } from "./signing.ts";

/** A bundle core that passed {@link checkBundle}. */
export interface CheckedBundle {
  readonly core: BundleCore;
  readonly hash: Uint8Array;
}

const refuse = (why: string): never => {
  throw new ProtocolError("bundle_refused", why);
};

interface Expected {
  readonly roster: readonly { account: Uint8Array; role: RosterEntry["role"] }[];
  /** inviteIds */
  readonly pending: readonly Uint8Array[];
  /** who may receive grants */
  readonly grantee: Uint8Array | null;
}

type Row<Kind extends Change["kind"]> = (
  change: Extract<Change, { kind: Kind }>,
  core: BundleCore,
  before: BundleCore,
) => Expected;

function asOwner(core: BundleCore, before: BundleCore): void {
  if (!equalBytes(ownerOf(before).account, core.author.account)) refuse("only the owner may (C4)");
}

const pendingIds = (core: BundleCore): Uint8Array[] => core.pending.map(inviteOf);

const without = (ids: readonly Uint8Array[], id: Uint8Array): Uint8Array[] =>
  ids.filter((other) => !equalBytes(other, id));

/** The table of C4, a row for each change but `create`. */
const TABLE: { [Kind in Exclude<Change["kind"], "create">]: Row<Kind> } = {
  invite(change, core, before) {
    asOwner(core, before);
    if (findPending(before, change.invite)) refuse("already invited");
    return {
      roster: before.roster,
      pending: [...pendingIds(before), change.invite],
      grantee: change.invite,
    };
  },
  withdraw(change, core, before) {
    asOwner(core, before);
    if (!findPending(before, change.invite)) refuse("no such invitation");
    return {
      roster: before.roster,
      pending: without(pendingIds(before), change.invite),
      grantee: null,
    };
  },
  join(change, core, before) {
    const entry = findPending(before, change.invite) ?? refuse("no such invitation");
    if (findMember(before, core.author.account)) refuse("already a member");
    if (core.time > entry.expiry) refuse("the invitation has expired");
    return {
      roster: [...before.roster, { account: core.author.account, role: entry.role }],
      pending: without(pendingIds(before), change.invite),
      grantee: core.author.account,
    };
  },
};

function expectedOf(core: BundleCore, before: BundleCore): Expected {
  const { change } = core;
  switch (change.kind) {
    case "create":
      return refuse("only bundle 0 creates");
    case "invite":
      return TABLE.invite(change, core, before);
    case "withdraw":
      return TABLE.withdraw(change, core, before);
    case "join":
      return TABLE.join(change, core, before);
  }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set(a).size === a.length && b.every((x) => a.includes(x));
}

const texts = (ids: readonly Uint8Array[]): string[] => ids.map(toBase64url);

function checkGenesis(core: BundleCore): void {
  const { change, author } = core;
  if (change.kind !== "create" || core.prev !== null) return refuse("bundle 0 creates");
  if (!equalBytes(conversationIdOf(author.account, change.nonce), core.conversation)) {
    refuse("id is not of this owner and nonce (C1)");
  }
  const [owner, ...others] = core.roster;
  if (!owner || others.length > 0 || owner.role !== "owner") return refuse("roster is the owner");
  if (!equalBytes(owner.account, author.account)) refuse("the owner creates");
  if (core.grants.length > 0) refuse("nothing to grant yet");
}

function checkSuccession(core: BundleCore, before: CheckedBundle): void {
  if (!core.prev || !equalBytes(core.prev, before.hash)) refuse("does not follow the head (C3)");
  if (!equalBytes(core.conversation, before.core.conversation)) refuse("another conversation");
  if (core.time < before.core.time) refuse("older than what it follows (I4)");
  const expected = expectedOf(core, before.core);
  const named = (entry: { account: Uint8Array; role: string }) =>
    `${entry.role} ${toBase64url(entry.account)}`;
  if (!sameSet(expected.roster.map(named), core.roster.map(named))) refuse("roster (C4)");
  if (!sameSet(texts(expected.pending), texts(pendingIds(core)))) refuse("pending (C4)");
  for (const entry of core.pending) {
    const old = findPending(before.core, inviteOf(entry));
    if (old && (!equalBytes(old.kemPub, entry.kemPub) || old.expiry !== entry.expiry)) {
      refuse("a pending entry was altered");
    }
  }
  for (const entry of core.roster) {
    const old = findMember(before.core, entry.account);
    if (!old) continue;
    const { version, hash } = entry.manifest;
    if (version < old.manifest.version) refuse("a version fell (C8)");
    if (version === old.manifest.version && !equalBytes(hash, old.manifest.hash)) {
      refuse("one version, two manifests (K6)");
    }
  }
  for (const grant of core.grants) {
    if (!expected.grantee || !equalBytes(grant.recipient, expected.grantee)) refuse("grantee (C4)");
    if (grant.from > grant.to || grant.to >= core.n) refuse("grant range");
  }
}

function checkRecipients(core: BundleCore): void {
  const expected = [...core.roster.map((entry) => entry.account), ...pendingIds(core)];
  if (!sameSet(texts(expected), texts(core.seals.map((seal) => seal.recipient)))) {
    refuse("recipients of seals are exactly roster and pending (C4)");
  }
  for (const { recipient, generation } of [...core.seals, ...core.grants]) {
    if ((recipient.length === 16) !== (generation === 0)) refuse("seal generation (C2)");
  }
  for (const { signPub, kemPub } of core.pending) {
    if (!isAdmissibleSigningKey(signPub) || !isAdmissibleKemKey(kemPub)) refuse("bad key (E7)");
  }
}

/** C8: an older version than the roster's would let a device sign that the roster's version revoked. */
function checkAuthorVersion({ author, roster }: BundleCore): void {
  const entry = roster.find(({ account }) => equalBytes(account, author.account));
  if (!entry) return refuse("author is not in the roster (C4)");
  if (entry.manifest.version !== author.manifestVersion) refuse("author's version (C8)");
}

/**
 * C2, C4: the shape of core n against core n-1 (null for bundle 0). Signatures and manifests are the
 * caller's to verify. Throws ProtocolError `bundle_refused` or `bad_request`.
 */
export function checkBundle(coreBytes: Uint8Array, before: CheckedBundle | null): CheckedBundle {
  const core = decodeBundleCore(coreBytes);
  if (core.n !== (before ? before.core.n + 1 : 0)) refuse("n is not the next");
  if (before) checkSuccession(core, before);
  else checkGenesis(core);
  if (core.roster.filter((entry) => entry.role === "owner").length !== 1) refuse("one owner");
  checkAuthorVersion(core);
  checkRecipients(core);
  return { core, hash: bundleHash(coreBytes) };
}

/** C2, C7: what stands beside the core is what the core names. Throws `bundle_refused`. */
export function checkAttachments(core: BundleCore, upload: BundleUpload): void {
  const named = (list: readonly { hash: Uint8Array }[], sent: readonly Uint8Array[]) =>
    list.length === sent.length &&
    list.every(({ hash }, i) => equalBytes(sealHash(sent[i] ?? new Uint8Array()), hash));
  if (!named(core.seals, upload.seals)) refuse("seals");
  if (!named(core.grants, upload.grants)) refuse("grants");
  if (!equalBytes(shareCommitOf(core.conversation, core.n, upload.share), core.shareCommit)) {
    refuse("share");
  }
  if ((core.change.kind === "join") !== (upload.inviteSignature !== null))
    refuse("invite signature");
}

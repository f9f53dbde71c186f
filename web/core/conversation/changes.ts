import { findMember, findPending, inviteOf } from "../../../workers/protocol/bundle-entries.ts";
import type { PendingEntry } from "../../../workers/protocol/bundle.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { conversationIdOf } from "../../../workers/protocol/ids.ts";
import type { VerifiedManifest } from "../../../workers/protocol/manifest-rules.ts";
import type { Suite } from "../crypto/suite.ts";
import { CoreError } from "../errors.ts";
import type { InviteKeys } from "../invitation/keys.ts";
import {
  type Author,
  type BuiltBundle,
  type Plan,
  accountRecipient,
  build,
  pendingRecipient,
} from "./build.ts";
import { type Conversation, headBundle } from "./state.ts";

/** Newest verified manifest of a roster account; undefined when none is held. */
export type NewestManifest = (account: Uint8Array) => VerifiedManifest | undefined;

/** The head's roster with the newest manifests held (C8). Throws CoreError `manifest_needed`. */
function currentRoster(
  state: Conversation,
  author: Author,
  newest: NewestManifest,
): Plan["roster"] {
  return headBundle(state).core.roster.map(({ account, role, manifest: named }) => {
    const own = equalBytes(account, author.manifest.core.account);
    const manifest = own ? author.manifest : newest(account);
    if (!manifest || manifest.core.version < named.version) {
      throw new CoreError("manifest_needed", "to build", { account, version: named.version });
    }
    return { manifest, role };
  });
}

/** C1: bundle 0 of a new conversation; invitations may be pending from the start. */
export function createConversation(
  suite: Suite,
  author: Author,
  pending: readonly PendingEntry[],
  now: number,
): Promise<BuiltBundle> {
  const nonce = suite.random.bytes(32);
  const id = conversationIdOf(author.manifest.core.account, nonce);
  const roster = [{ manifest: author.manifest, role: "owner" as const }];
  const plan = { change: { kind: "create" as const, nonce }, roster, pending, grantee: null };
  return build(suite, author, id, null, plan, now, null);
}

/** C4, I2: the owner invites; the earlier keys are granted to the invitation. Throws as the table says. */
export function inviteToConversation(
  suite: Suite,
  author: Author,
  state: Conversation,
  newest: NewestManifest,
  entry: PendingEntry,
  now: number,
): Promise<BuiltBundle> {
  const plan: Plan = {
    change: { kind: "invite", invite: inviteOf(entry) },
    roster: currentRoster(state, author, newest),
    pending: [...headBundle(state).core.pending, entry],
    grantee: pendingRecipient(entry),
  };
  return build(suite, author, state.id, state, plan, now, null);
}

/** C4, I4: the owner withdraws an invitation. Throws ProtocolError `bundle_refused` if it is not pending. */
export function withdrawInvitation(
  suite: Suite,
  author: Author,
  state: Conversation,
  newest: NewestManifest,
  invite: Uint8Array,
  now: number,
): Promise<BuiltBundle> {
  const { pending } = headBundle(state).core;
  const plan: Plan = {
    change: { kind: "withdraw", invite },
    roster: currentRoster(state, author, newest),
    pending: pending.filter((entry) => !equalBytes(inviteOf(entry), invite)),
    grantee: null,
  };
  return build(suite, author, state.id, state, plan, now, null);
}

/**
 * C4, I3, I5: the joiner's bundle, signed by its device and the invite key; it grants the earlier keys, which
 * the invitation opened, to the joiner's account. Throws CoreError `not_allowed`, ProtocolError `bundle_refused`.
 */
export async function joinConversation(
  suite: Suite,
  author: Author,
  state: Conversation,
  newest: NewestManifest,
  invite: InviteKeys,
  now: number,
): Promise<BuiltBundle> {
  const head = headBundle(state).core;
  const entry = findPending(head, invite.id);
  if (!entry) throw new CoreError("not_allowed", "not pending (I3)");
  if (findMember(head, author.manifest.core.account))
    throw new CoreError("not_allowed", "a member");
  const plan: Plan = {
    change: { kind: "join", invite: invite.id },
    roster: [
      ...currentRoster(state, author, newest),
      { manifest: author.manifest, role: entry.role },
    ],
    pending: head.pending.filter((other) => !equalBytes(inviteOf(other), invite.id)),
    grantee: accountRecipient(author.manifest),
  };
  return build(suite, author, state.id, state, plan, now, invite);
}

/** A2: after acceptance, the own bundle is the head. Throws CoreError `bundle_forked` when the head has moved. */
export function acceptBuilt(state: Conversation | null, built: BuiltBundle): Conversation {
  const { checked, epoch } = built;
  const before = state ? headBundle(state).hash : null;
  const { prev, conversation, n } = checked.core;
  if (before ? !prev || !equalBytes(prev, before) : prev) throw new CoreError("bundle_forked");
  return {
    id: conversation,
    bundles: [...(state?.bundles ?? []), checked],
    epochs: new Map([...(state?.epochs ?? []), [n, epoch]]),
  };
}

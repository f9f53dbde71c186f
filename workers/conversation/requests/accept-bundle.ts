import { refusalOf } from "../../http/failure.ts";
import {
  type BundleUpload,
  type PendingEntry,
  bundleHash,
  decodeBundleCore,
} from "../../protocol/bundle.ts";
import { findPending, inviteOf } from "../../protocol/bundle-entries.ts";
import type { CheckedBundle } from "../../protocol/bundle-rules.ts";

import { equalBytes } from "../../protocol/bytes.ts";
import { type ErrorCode, ProtocolError } from "../../protocol/errors.ts";
import { type Admission, precheck, verifyBundle } from "../rules/admission.ts";
import { type Place, nextPlace } from "../rules/append.ts";
import type { StoredBundle } from "../tables/bundle-store.ts";
import type { Core } from "../core.ts";
import type { OutboxTask } from "../tables/ledger-store.ts";
import type { Peer } from "../../objects/peer.ts";
import { takeNote } from "../tables/held.ts";
import { endAttempt, putShare } from "../share-attempts.ts";
import type { AttemptName } from "../shares.ts";
import type { Turn } from "../rules/turn.ts";

export type Verdict =
  /** committed in this turn */
  | {
      readonly kind: "committed";
      readonly n: number;
      readonly hash: Uint8Array;
      readonly place: Place;
    }
  /** committed before (A2: the same bytes were sent again) */
  | { readonly kind: "known"; readonly bundle: StoredBundle }
  /** another bundle is the head by now (C3) */
  | { readonly kind: "stale"; readonly named: { readonly n: number; readonly hash: Uint8Array } }
  | { readonly kind: "refused"; readonly error: ErrorCode };

/** A bundle that passed every check but the last: that the head is still the one it follows. */
interface Prepared {
  readonly upload: BundleUpload;
  readonly checked: CheckedBundle;
  readonly before: CheckedBundle | null;
  readonly share: AttemptName;
}

const bytesOf = ({ core, seals, grants }: BundleUpload): number =>
  [core, ...seals, ...grants].reduce((sum, part) => sum + part.length, 0);

const NO_HASH = new Uint8Array(32);
const FAILED: Verdict = { kind: "refused", error: "internal" };

/** What can be said at once, without asking a neighbour; null: go on. */
function early(core: Core, peer: Peer, upload: BundleUpload): Verdict | null {
  const memory = core.memory;
  if (!memory) return null;
  const { n } = memory.head.core;
  const claimed = decodeBundleCore(upload.core);
  const known = core.stores.bundles.byHash(bundleHash(upload.core));
  if (known) {
    const isAuthor = equalBytes(claimed.author.device, peer.who.device);
    return isAuthor
      ? { kind: "known", bundle: known }
      : { kind: "refused", error: "bundle_refused" };
  }
  // A stranger gets the answer that it would get if there were no such conversation.
  if (core.standing(peer).kind === "stranger") return { kind: "refused", error: "bundle_refused" };
  if (claimed.n === 0) return { kind: "refused", error: "already_exists" };
  if (claimed.n > n) return null;
  return { kind: "stale", named: { n: claimed.n - 1, hash: claimed.prev ?? NO_HASH } };
}

/** Whether the head is still the one that the bundle was checked against. */
function isCurrent(core: Core, before: CheckedBundle | null): boolean {
  const head = core.memory?.head ?? null;
  if (!head || !before) return head === before;
  return equalBytes(head.hash, before.hash);
}

/** Throws `daily_limit` or `invitation_limit`. */
async function checkBudgets(
  core: Core,
  peer: Peer,
  upload: BundleUpload,
  { core: bundle }: CheckedBundle,
): Promise<void> {
  const now = core.deps.now();
  const wait = core.dayBudget.wait(peer.account, bytesOf(upload), now);
  if (wait > 0) throw new ProtocolError("daily_limit", "bundle", wait);
  const { kind } = bundle.change;
  const invited = kind === "create" ? bundle.pending.length : Number(kind === "invite");
  if (invited === 0) return;
  const open = await core.deps.openInvitations(peer.account, now);
  if (open + invited > core.budgets.openInvitations) throw new ProtocolError("invitation_limit");
}

/** Checks, and puts the share (C7). Null: somebody else's bundle came first. Throws ProtocolError. */
async function prepare(core: Core, peer: Peer, upload: BundleUpload): Promise<Prepared | null> {
  const before = core.memory?.head ?? null;
  const standing = core.standing(peer);
  const admission: Admission = { upload, author: peer.who, standing, before, now: core.deps.now() };
  const checked = precheck(admission);
  await verifyBundle(core.deps, admission, checked);
  await checkBudgets(core, peer, upload, checked);
  if (!isCurrent(core, before)) return null;
  // Bundle 0 passed all checks: only now may a new object write.
  if (!before) core.prepare();
  const { conversation } = checked.core;
  const share = await putShare(core, conversation, checked.hash, upload.share);
  return { upload, checked, before, share };
}

/** What D1's table of invitations is to be told of this bundle (I1, I3). */
export function tasksOf({ core }: CheckedBundle, at: number): OutboxTask[] {
  const { change, author } = core;
  const record = (entry: PendingEntry): OutboxTask => {
    const { signPub, expiry } = entry;
    const inviter = author.account;
    return { kind: "record", invite: inviteOf(entry), signPub, expiry, inviter, at };
  };
  switch (change.kind) {
    case "create":
      return core.pending.map(record);
    case "invite": {
      const entry = findPending(core, change.invite);
      return entry ? [record(entry)] : [];
    }
    case "join":
      return [{ kind: "settle", invite: change.invite, state: "used", account: author.account }];
    case "withdraw":
      return [{ kind: "settle", invite: change.invite, state: "withdrawn", account: null }];
  }
}

/** I4, I5: an invitation that ends takes its claims and whatever was sealed to it along. */
function endInvite(core: Core, invite: Uint8Array, state: "used" | "withdrawn"): void {
  const { ledger, bundles } = core.stores;
  ledger.putInvite(invite, state);
  ledger.deleteClaims(invite);
  bundles.deleteSealsOf(invite);
}

function applyChange(core: Core, { core: bundle }: CheckedBundle): void {
  const { change } = bundle;
  switch (change.kind) {
    case "create":
      for (const entry of bundle.pending) core.stores.ledger.putInvite(inviteOf(entry), "open");
      return;
    case "invite":
      core.stores.ledger.putInvite(change.invite, "open");
      return;
    case "join":
      endInvite(core, change.invite, "used");
      return;
    case "withdraw":
      endInvite(core, change.invite, "withdrawn");
      return;
  }
}

/** The compare-and-swap of C3, inside a transaction in which the head was seen to be `before`. */
function commit(core: Core, turn: Turn, peer: Peer, prepared: Prepared): Verdict {
  const { upload, checked, before, share } = prepared;
  const { stores } = core;
  const now = core.deps.now();
  const { n, conversation } = checked.core;
  if (!before) {
    stores.meta.putCreation({ conversation, shard: core.deps.newShard(), createdAt: now });
  }
  const place = nextPlace(core.memory?.last ?? { seq: 0, at: 0 }, now);
  stores.bundles.insert(place, checked.core, upload, share);
  const row = { ...place, author: null, number: n, messageId: null, body: null };
  stores.tail.insert(row, core.memory && takeNote(core.memory));
  stores.ledger.deleteIntent(share);
  applyChange(core, checked);
  for (const task of tasksOf(checked, now)) stores.ledger.queue(task);
  core.dayBudget.charge(peer.account, bytesOf(upload), now);
  // Not in the tail, from which the day's sums would otherwise be made again.
  core.dayBudget.save(place.seq, now);
  core.shares.set(checked.hash, upload.share);
  core.headChanged(checked, place);
  turn.commit({ ...place, origin: peer, bundle: n });
  return { kind: "committed", n, hash: checked.hash, place };
}

/** Runs work as a transaction of its own and sends what came of it; null if storage failed. */
export type RunTurn = <T>(work: (turn: Turn) => T) => T | null;

/**
 * C3, C7: checks, puts the share, and commits if the head is still the same: of any number of bundles on one
 * head exactly one is committed. `answer` speaks in the same turn, so first envelopes commit with their bundle.
 */
export async function acceptBundle(
  core: Core,
  peer: Peer,
  upload: BundleUpload,
  run: RunTurn,
  answer: (turn: Turn, verdict: Verdict) => void,
): Promise<Verdict> {
  const say = (verdict: Verdict): Verdict => {
    run((turn) => answer(turn, verdict));
    return verdict;
  };
  let prepared: Prepared | null;
  try {
    const verdict = early(core, peer, upload);
    if (verdict) return say(verdict);
    prepared = await prepare(core, peer, upload);
  } catch (error) {
    return say({ kind: "refused", error: refusalOf(error, "bundle").code });
  }
  const ready = prepared;
  try {
    const verdict = run((turn) => {
      const now =
        ready && isCurrent(core, ready.before)
          ? commit(core, turn, peer, ready)
          : (early(core, peer, upload) ?? FAILED);
      answer(turn, now);
      return now;
    });
    return verdict ?? FAILED;
  } finally {
    if (ready) await endAttempt(core, ready.share);
  }
}

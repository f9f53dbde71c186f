import type { BundleCore, PendingEntry, RosterEntry } from "./bundle.ts";
import { equalBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { inviteIdOf } from "./ids.ts";

/** The inviteId of a pending entry (I1). */
export const inviteOf = (entry: PendingEntry): Uint8Array => inviteIdOf(entry.signPub);

/** The pending entry of this inviteId, or undefined. */
export const findPending = (core: BundleCore, invite: Uint8Array): PendingEntry | undefined =>
  core.pending.find((entry) => equalBytes(inviteOf(entry), invite));

/** The roster entry of this account, or undefined. */
export const findMember = (core: BundleCore, account: Uint8Array): RosterEntry | undefined =>
  core.roster.find((entry) => equalBytes(entry.account, account));

const noOwner = (): never => {
  throw new ProtocolError("bundle_refused", "no owner");
};

/** The owner's entry; a core without one is refused. Throws ProtocolError `bundle_refused`. */
export const ownerOf = (core: BundleCore): RosterEntry =>
  core.roster.find((entry) => entry.role === "owner") ?? noOwner();

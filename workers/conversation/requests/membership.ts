import { decodeBundleCore } from "../../protocol/bundle.ts";
import { equalBytes } from "../../protocol/bytes.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { type AccountId, type InviteId, idBytes } from "../../protocol/ids.ts";
import { claimRefusal, standingOf } from "../rules/access.ts";
import type { Core } from "../core.ts";

/** I6: lets this account read until join or expiry. The caller has verified the invite key's signature. */
export function claim(core: Core, invite: InviteId, account: AccountId): ErrorCode | null {
  const { memory, stores } = core;
  if (!memory) return "not_found";
  const wanted = { invite: idBytes(invite), account: idBytes(account) };
  const state = stores.ledger.inviteState(wanted.invite);
  const error = claimRefusal(memory.head, wanted.invite, state, core.deps.now());
  if (error) return error;
  stores.ledger.putClaim(wanted);
  memory.claims = stores.ledger.claims();
  return null;
}

/** Whether the caller may read here and the target is or was a member: then it may see its manifests. */
export function sharesWith(core: Core, caller: AccountId, target: AccountId): boolean {
  const { memory } = core;
  if (!memory) return false;
  const standing = standingOf(memory.head, memory.claims, idBytes(caller), core.deps.now());
  if (standing.kind === "stranger") return false;
  if (memory.members.has(target)) return true;
  const account = idBytes(target);
  return core.stores.bundles
    .range(0, memory.head.core.n)
    .some((bundle) =>
      decodeBundleCore(bundle.core).roster.some((entry) => equalBytes(entry.account, account)),
    );
}

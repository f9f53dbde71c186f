import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import {
  type ConversationFlags,
  type FlagName,
  flagName,
  isArchived,
  mergeFlags,
} from "../../../core/private-state/flags.ts";
import type { ConversationRecord } from "../store/records.ts";
import type { KeptConversation } from "./kept.ts";

/** What a person changes; `archived` becomes the place up to which it holds. */
export type FlagChange = Partial<Pick<ConversationFlags, "pinned" | "muted">> & {
  readonly archived?: boolean;
};

const NAMES: readonly FlagName[] = flagName.options;

const isSame = (a: unknown, b: unknown): boolean => equalBytes(encodeCbor(a), encodeCbor(b));

/**
 * A mute keeps an archived conversation away. One that came back before it was muted stays where the person sees it:
 * its old mark goes with the mute, or the row would disappear while they look at it.
 */
function withReturn(kept: KeptConversation, change: FlagChange, now: number): FlagChange {
  const { flags, lastSeq, lastAt } = kept;
  const stays = flags.archived === null || isArchived(flags, { seq: lastSeq, at: lastAt }, now);
  return stays || !change.muted ? change : { archived: false, ...change };
}

/** A person changed it here; other devices do not know yet. */
export function flagsChanged(
  kept: KeptConversation,
  asked: FlagChange,
  now: number,
): KeptConversation {
  const change = withReturn(kept, asked, now);
  const { archived, ...rest } = change;
  const place = archived ? { seq: kept.lastSeq, at: kept.lastAt } : null;
  const flags = {
    ...kept.flags,
    ...rest,
    ...(archived === undefined ? {} : { archived: place }),
  };
  const changed = NAMES.filter((name) => change[name] !== undefined);
  const flagsPending = NAMES.filter(
    (name) => changed.includes(name) || kept.flagsPending.includes(name),
  );
  return { ...kept, flags, flagsPending };
}

/** `sent` reached the private state: what was changed again meanwhile still waits. */
export function flagsAcknowledged(
  kept: KeptConversation,
  sent: Pick<ConversationRecord, "flags" | "flagsPending">,
  acknowledged: ConversationFlags,
): KeptConversation {
  const flagsPending = kept.flagsPending.filter(
    (name) => !sent.flagsPending.includes(name) || !isSame(kept.flags[name], sent.flags[name]),
  );
  return { ...kept, flags: mergeFlags(acknowledged, kept.flags, flagsPending), flagsPending };
}

/** Another device changed them; null: nothing of it is new here. */
export function flagsHeard<Kept extends Pick<ConversationRecord, "flags" | "flagsPending">>(
  kept: Kept,
  theirs: ConversationFlags,
): Kept | null {
  const flags = mergeFlags(theirs, kept.flags, kept.flagsPending);
  return isSame(flags, kept.flags) ? null : { ...kept, flags };
}

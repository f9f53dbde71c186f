import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { type ConversationId, idBytes } from "../../../../workers/protocol/ids.ts";
import {
  type ConversationFlags,
  type FlagName,
  NO_FLAGS,
  flagName,
  isArchived,
  mergeFlags,
} from "../../../core/private-state/flags.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import type { CommandHandlers } from "../../rpc.ts";
import type { Deps } from "../store/deps.ts";
import { eachOf } from "../wire/each-of.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../store/library.ts";
import { type PrivateRecords, conversationIn } from "./private-records.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { type ConversationRecord, conversationRecord } from "../store/records.ts";

/** What a person changes; `archived` becomes the place up to which it holds. */
export type FlagChange = Partial<Pick<ConversationFlags, "pinned" | "muted">> & {
  readonly archived?: boolean;
};

/** Pin, mute and archive: held here at once, then in the account's private state (K9). */
export interface Flags {
  /** Resolves when it is stored on this device; the other devices get it when the network allows. */
  set(ids: readonly ConversationId[], change: FlagChange): Promise<void>;
  /** After the private records were fetched: takes what other devices changed, gives what they lack. */
  sync(): Promise<void>;
  close(): void;
}

const RETRY_MS = 30_000;
const NAMES: readonly FlagName[] = flagName.options;

const isSame = (a: unknown, b: unknown): boolean => equalBytes(encodeCbor(a), encodeCbor(b));

/**
 * A mute keeps an archived conversation away. One that came back before it was muted stays where the person sees it:
 * its old mark goes with the mute, or the row would disappear while they look at it.
 */
function withReturn(record: ConversationRecord, change: FlagChange, now: number): FlagChange {
  const { flags, lastSeq, lastAt } = record;
  const stays = flags.archived === null || isArchived(flags, { seq: lastSeq, at: lastAt }, now);
  return stays || !change.muted ? change : { archived: false, ...change };
}

/** The record after a person's change, with the marks of what other devices do not know yet. */
function withChange(
  record: ConversationRecord,
  asked: FlagChange,
  now: number,
): ConversationRecord {
  const change = withReturn(record, asked, now);
  const { archived, ...rest } = change;
  const place = archived ? { seq: record.lastSeq, at: record.lastAt } : null;
  const flags = {
    ...record.flags,
    ...rest,
    ...(archived === undefined ? {} : { archived: place }),
  };
  const changed = NAMES.filter((name) => change[name] !== undefined);
  const flagsPending = NAMES.filter(
    (name) => changed.includes(name) || record.flagsPending.includes(name),
  );
  return { ...record, flags, flagsPending };
}

/** The record after `sent` reached the private state: what was changed again meanwhile still waits. */
export function withAcknowledged(
  record: ConversationRecord,
  sent: Pick<ConversationRecord, "flags" | "flagsPending">,
  acknowledged: ConversationFlags,
): ConversationRecord {
  const flagsPending = record.flagsPending.filter(
    (name) => !sent.flagsPending.includes(name) || !isSame(record.flags[name], sent.flags[name]),
  );
  return { ...record, flags: mergeFlags(acknowledged, record.flags, flagsPending), flagsPending };
}

export function createFlags(
  deps: Deps,
  me: Identity,
  library: Library,
  privateRecords: PrivateRecords,
  changed: (id: ConversationId) => void,
): Flags {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const rewrite = (
    id: ConversationId,
    change: (record: ConversationRecord) => ConversationRecord,
  ): Promise<void> =>
    deps.store.write(["conversations"], async (writer) => {
      const record = await writer.get("conversations", id, conversationRecord);
      if (record) await writer.put("conversations", id, change(record));
    });

  const push = async (id: ConversationId): Promise<void> => {
    const record = await library.record(id);
    if (!record || record.flagsPending.length === 0) return;
    const { title, owner, invitation, createdAt } = record;
    let acknowledged: ConversationFlags = NO_FLAGS;
    await privateRecords.put(() => {
      const held = conversationIn(privateRecords, id);
      acknowledged = mergeFlags(held?.flags ?? NO_FLAGS, record.flags, record.flagsPending);
      if (held) return { ...held, flags: acknowledged };
      return {
        kind: "conversation",
        conversation: idBytes(id),
        label: title,
        invite: invitation && {
          id: invitation.invite,
          secret: invitation.secret,
          expiresAt: invitation.expiry,
        },
        inviter: equalBytes(owner, me.account) ? null : owner,
        createdAt,
        flags: acknowledged,
      };
    });
    await rewrite(id, (now) => withAcknowledged(now, record, acknowledged));
    changed(id);
  };

  /** What cannot be given now waits in the record, through reloads too. */
  const pushAll = async (ids: readonly ConversationId[]): Promise<void> => {
    try {
      await eachOf(ids, push);
    } catch (error) {
      reportUnexpected(error);
      clearTimeout(timer);
      if (!closed) timer = setTimeout(() => void pushAll(ids), RETRY_MS);
    }
  };

  const sync = async (): Promise<void> => {
    const pending: ConversationId[] = [];
    for (const [id, record] of await library.records()) {
      const theirs = conversationIn(privateRecords, id)?.flags ?? NO_FLAGS;
      if (record.flagsPending.length > 0) pending.push(id);
      if (isSame(mergeFlags(theirs, record.flags, record.flagsPending), record.flags)) continue;
      await rewrite(id, (now) => ({
        ...now,
        flags: mergeFlags(theirs, now.flags, now.flagsPending),
      }));
      changed(id);
    }
    void pushAll(pending);
  };

  return {
    sync,
    async set(ids, change) {
      await deps.store.write(["conversations"], async (writer) => {
        for (const id of ids) {
          const record = await writer.get("conversations", id, conversationRecord);
          if (record) await writer.put("conversations", id, withChange(record, change, deps.now()));
        }
      });
      for (const id of ids) changed(id);
      void pushAll(ids);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** The engine's side of the commands that set flags. */
export function flagCommands(
  flags: () => Flags,
): Pick<CommandHandlers, "setPinned" | "setMuted" | "setArchived"> {
  const set = async (ids: readonly ConversationId[], change: FlagChange): Promise<null> => {
    await flags().set(ids, change);
    return null;
  };
  return {
    setPinned: ({ conversation, pinned }) => set([conversation], { pinned }),
    setMuted: ({ conversation, until }) =>
      set([conversation], {
        muted: until === null ? null : { until: until === "always" ? null : until },
      }),
    setArchived: ({ conversations, archived }) => set(conversations, { archived }),
  };
}

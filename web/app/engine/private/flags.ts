import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { type ConversationId, idBytes } from "../../../../workers/protocol/ids.ts";
import { type ConversationFlags, NO_FLAGS, mergeFlags } from "../../../core/private-state/flags.ts";
import type { CommandHandlers } from "../../rpc.ts";
import type { Deps } from "../store/deps.ts";
import { eachOf } from "../wire/each-of.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../conversation/library.ts";
import { type PrivateRecords, conversationIn } from "./private-records.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import {
  type FlagChange,
  flagsAcknowledged,
  flagsChanged,
  flagsHeard,
} from "../conversation/flag-transitions.ts";
import { CONVERSATION_STORES, changeKept, changeKeptIn } from "../conversation/keep.ts";

/** Pin, mute and archive: held here at once, then in the account's private state (K9). */
export interface Flags {
  /** Resolves when it is stored on this device; the other devices get it when the network allows. */
  set(ids: readonly ConversationId[], change: FlagChange): Promise<void>;
  /** After the private records were fetched: takes what other devices changed, gives what they lack. */
  sync(): Promise<void>;
  close(): void;
}

const RETRY_MS = 30_000;

export function createFlags(
  deps: Deps,
  me: Identity,
  library: Library,
  privateRecords: PrivateRecords,
  changed: (id: ConversationId) => void,
): Flags {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

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
    await changeKept(deps.store, id, (now) => flagsAcknowledged(now, record, acknowledged));
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
      if (!flagsHeard(record, theirs)) continue;
      await changeKept(deps.store, id, (kept) => flagsHeard(kept, theirs));
      changed(id);
    }
    void pushAll(pending);
  };

  return {
    sync,
    async set(ids, asked) {
      await deps.store.write(CONVERSATION_STORES, async (writer) => {
        for (const id of ids) {
          await changeKeptIn(writer, id, (kept) => flagsChanged(kept, asked, deps.now()));
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
export function flagHandlers(
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

import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { InboxRow } from "../../../../workers/protocol/frames.ts";
import { NO_FLAGS } from "../../../core/private-state/flags.ts";
import { unreadAmong } from "../log/absorb.ts";
import type { CatchUp } from "../log/catch-up.ts";
import { eachOf } from "../wire/each-of.ts";
import type { Deps } from "../store/deps.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../store/library.ts";
import { newConversationRecord } from "../store/new-conversation.ts";
import { type PrivateRecords, conversationIn } from "../private/private-records.ts";
import { conversationRecord, messageRecord } from "../store/records.ts";

/** Keeps this device's conversations level with what the Inbox says. */
export interface Follower {
  /** Every row of the account; conversations that are new here are fetched newest first (K13). */
  snapshot(rows: ReadonlyMap<ConversationId, InboxRow>): Promise<void>;
  activity(id: string, row: InboxRow): Promise<void>;
  /** The reader saw everything up to seq, here or on another device. */
  read(id: string, seq: number): Promise<void>;
}

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly library: Library;
  readonly catchUp: CatchUp;
  readonly privateRecords: PrivateRecords;
  /** its own socket brings what is new */
  readonly isOpen: (id: string) => boolean;
  readonly changed: (id: string) => void;
  /** a conversation is level: what waits in it may go out */
  readonly level: (id: string) => Promise<void>;
  readonly tellRead: (id: string, seq: number) => void;
}

export function createFollower(around: Surroundings): Follower {
  const { deps, me, library, catchUp, privateRecords, changed } = around;

  /** A conversation that another device made or joined; its name is in private state (K9). */
  const begin = async (id: string, row: InboxRow): Promise<void> => {
    const known = conversationIn(privateRecords, id);
    await deps.store.write(["conversations"], async (writer) => {
      if (await writer.get("conversations", id, conversationRecord)) return;
      const owner = known?.inviter ?? me.account;
      const createdAt = known?.createdAt ?? row.lastAt;
      const title = known?.label ?? "";
      const invite = known?.invite;
      await writer.put("conversations", id, {
        ...newConversationRecord({ title, owner, createdAt }),
        invitation: invite && {
          secret: invite.secret,
          invite: invite.id,
          expiry: invite.expiresAt,
        },
        lastAt: row.lastAt,
        lastSeq: row.lastSeq,
        readSeq: row.readSeq,
        flags: known?.flags ?? NO_FLAGS,
      });
    });
    changed(id);
  };

  const read = async (id: string, seq: number): Promise<void> => {
    const before = await library.record(id);
    if (!before || seq <= before.readSeq) return;
    const span = { id, from: seq + 1, to: Number.MAX_SAFE_INTEGER };
    const rows = (await deps.store.readAll("messages", messageRecord, span)).flatMap(
      ({ key, value }) => (typeof key === "string" ? [] : [{ seq: key[1], row: value }]),
    );
    const own = { account: me.account, device: me.device.id };
    await deps.store.write(["conversations"], async (writer) => {
      const record = await writer.get("conversations", id, conversationRecord);
      if (!record || seq <= record.readSeq) return;
      const unread = unreadAmong(rows, seq, own);
      await writer.put("conversations", id, { ...record, readSeq: seq, unread });
    });
    changed(id);
  };

  const follow = async (id: string, row: InboxRow): Promise<void> => {
    const record = await library.record(id);
    if (!record) return;
    if (row.readSeq > record.readSeq) await read(id, row.readSeq);
    else if (row.readSeq < record.readSeq) around.tellRead(id, record.readSeq);
    if (row.lastSeq > record.cursor && !around.isOpen(id)) await catchUp.newer(id);
    await around.level(id);
  };

  return {
    read,
    async snapshot(rows) {
      const held = await library.records();
      const newest = [...rows].sort(([, a], [, b]) => b.lastAt - a.lastAt);
      const unknown = newest.filter(([id]) => !held.has(id) || held.get(id)?.cursor === 0);
      for (const [id, row] of unknown) if (!held.has(id)) await begin(id, row);
      const fresh = unknown.map(([id]) => id).filter((id) => !around.isOpen(id));
      if (fresh.length > 0) await catchUp.tails(fresh);
      await eachOf(newest, ([id, row]) => follow(id, row));
    },
    async activity(id, row) {
      const record = await library.record(id);
      if (!record) await begin(id, row);
      if (!record || record.cursor === 0) await catchUp.tails([id]);
      await follow(id, row);
    },
  };
}

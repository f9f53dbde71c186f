import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { InboxRow } from "../../../../workers/protocol/frames.ts";
import { NO_FLAGS } from "../../../core/private-state/flags.ts";
import { unreadAmong } from "../conversation/log-transitions.ts";
import type { CatchUp } from "../log/catch-up.ts";
import { eachOf } from "../wire/each-of.ts";
import type { Deps } from "../store/deps.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../conversation/library.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept, openKeptIn } from "../conversation/keep.ts";
import { invitationIn } from "../conversation/membership-transitions.ts";
import { conversationListed } from "../conversation/kept.ts";
import { placeWithin, readUpTo } from "../conversation/reading-transitions.ts";
import { type PrivateRecords, conversationIn } from "../private/private-records.ts";
import { placedOf } from "../store/placed.ts";
import { type ConversationRecord, messageRecord } from "../store/records.ts";

/** Keeps this device's conversations caught up with what the Inbox says. */
export interface Follower {
  /** Every row of the account; conversations that are new here are fetched newest first (K13). */
  snapshot(rows: ReadonlyMap<ConversationId, InboxRow>): Promise<void>;
  activity(id: ConversationId, row: InboxRow): Promise<void>;
  /** The reader saw everything up to seq, here or on another device. */
  read(id: ConversationId, seq: number): Promise<void>;
}

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly library: Library;
  readonly catchUp: CatchUp;
  readonly privateRecords: PrivateRecords;
  /** its own socket brings what is new */
  readonly isOpen: (id: ConversationId) => boolean;
  readonly changed: (id: ConversationId) => void;
  /** a conversation is caught up: what waits in it may go out */
  readonly caughtUp: (id: ConversationId) => Promise<void>;
  readonly tellRead: (id: ConversationId, seq: number) => void;
}

/** Nothing of it is here yet, or not enough to write in it again. */
const isUnfinished = (record: ConversationRecord | undefined): boolean =>
  record !== undefined && (record.cursor === 0 || record.ownChain === "sought");

export function createFollower(around: Surroundings): Follower {
  const { deps, me, library, catchUp, privateRecords, changed } = around;

  /** A conversation that another device made or joined; its name is in private state (K9). */
  const begin = async (id: ConversationId, row: InboxRow): Promise<void> => {
    const known = conversationIn(privateRecords, id);
    await deps.store.write(CONVERSATION_STORES, async (writer) => {
      if (await openKeptIn(writer, id)) return;
      const owner = known?.inviter ?? me.account;
      const createdAt = known?.createdAt ?? row.lastAt;
      const title = known?.label ?? "";
      const lastSeq = placeWithin(row.lastSeq, 0);
      const listed = { ...row, lastSeq, readSeq: Math.min(row.readSeq, lastSeq) };
      const kept = conversationListed({ title, owner, createdAt }, listed, {
        invitation: known ? invitationIn(known) : null,
        flags: known?.flags ?? NO_FLAGS,
      });
      await beginKeptIn(writer, id, kept);
    });
    changed(id);
  };

  const read = async (id: ConversationId, seq: number): Promise<void> => {
    const before = await library.record(id);
    if (!before || seq <= before.readSeq) return;
    const span = { id, from: seq + 1, to: Number.MAX_SAFE_INTEGER };
    const rows = placedOf(await deps.store.readAll("messages", messageRecord, span));
    const own = { account: me.account, device: me.device.id };
    await changeKept(deps.store, id, (kept) => readUpTo(kept, seq, unreadAmong(rows, seq, own)));
    changed(id);
  };

  const follow = async (id: ConversationId, row: InboxRow): Promise<void> => {
    const record = await library.record(id);
    if (!record) return;
    // What has not come yet was seen by nobody.
    const seen = placeWithin(Math.min(row.readSeq, row.lastSeq), record.cursor);
    if (seen > record.readSeq) await read(id, seen);
    else if (seen < record.readSeq) around.tellRead(id, record.readSeq);
    if (row.lastSeq > record.cursor && !around.isOpen(id)) await catchUp.newer(id);
    if (!around.isOpen(id)) await catchUp.askAgain(id);
    await around.caughtUp(id);
  };

  return {
    read,
    async snapshot(rows) {
      const held = await library.records();
      const newest = [...rows].sort(([, a], [, b]) => b.lastAt - a.lastAt);
      const unknown = newest.filter(([id]) => !held.has(id) || isUnfinished(held.get(id)));
      for (const [id, row] of unknown) if (!held.has(id)) await begin(id, row);
      const fresh = unknown.map(([id]) => id).filter((id) => !around.isOpen(id));
      if (fresh.length > 0) await catchUp.tails(fresh);
      await eachOf(newest, ([id, row]) => follow(id, row));
    },
    async activity(id, row) {
      const record = await library.record(id);
      if (!record) await begin(id, row);
      if (!record || isUnfinished(record)) await catchUp.tails([id]);
      await follow(id, row);
    },
  };
}

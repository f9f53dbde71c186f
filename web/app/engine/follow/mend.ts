import { type ConversationId, parseConversationId } from "../../../../workers/protocol/ids.ts";
import type { StoreHealth } from "../../view.ts";
import type { Directory } from "../account/directory.ts";
import { IDENTITY_KEY, type Identity, putIdentity } from "../account/identity.ts";
import { carriedEntry } from "../conversation/carried-entry.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKeptIn } from "../conversation/keep.ts";
import { conversationMended } from "../conversation/kept.ts";
import type { Library } from "../conversation/library.ts";
import type { CatchUp } from "../log/catch-up.ts";
import { conversationIn, type PrivateRecords } from "../private/private-records.ts";
import type { RecordKey } from "../store/codec.ts";
import { type Damage, DamagedRecord } from "../store/damaged.ts";
import type { Deps } from "../store/deps.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { conversationRecord, outboxRecord } from "../store/records.ts";
import type { Writer } from "../store/store.ts";

/**
 * E1: sets records aside that cannot be read, and has them fetched anew. A conversation is fetched as a whole, for
 * its records lean on each other; what only this device knows of it stays, as far as that can be read.
 */
export interface Mender {
  /** Resolves when what was found so far is set aside; never rejects. */
  settled(): Promise<void>;
  /** Fetches what was set aside and did not come yet. */
  fetchAgain(): Promise<void>;
  close(): void;
}

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly library: Library;
  readonly directory: Pick<Directory, "load" | "fetch">;
  readonly catchUp: Pick<CatchUp, "tails">;
  readonly privateRecords: Pick<PrivateRecords, "find" | "sync">;
  readonly changed: (id: ConversationId) => void;
  readonly tell: (health: StoreHealth) => void;
}

const WHOLE = ["bundles", "messages", "marks", "numbers"] as const;
const ALONE = [...CONVERSATION_STORES, "state", "accounts", "records"] as const;
const STORES = [...CONVERSATION_STORES, ...WHOLE, "outbox"] as const;

/** The conversation that a key of a damaged record names. */
const conversationOf = (key: RecordKey): ConversationId =>
  parseConversationId((typeof key === "string" ? key : key[0]).split("/")[0] ?? "");

/** How to let go of a record that stands for itself; null: it is part of its conversation. */
function letGo(
  { store, key }: Damage,
  me: Identity,
): ((writer: Writer) => Promise<unknown>) | null {
  switch (store) {
    case "conversations":
    case "chainEnds":
    case "bundles":
    case "messages":
    case "marks":
    case "numbers":
    case "outbox":
      return null;
    case "reading":
      // What cannot be read there begins anew with whatever is written of the conversation.
      return (writer) => changeKeptIn(writer, conversationOf(key), (kept) => kept);
    case "state":
      // Who works here knows who it is: that is written again.
      return key === IDENTITY_KEY
        ? (writer) => putIdentity(writer, me)
        : (writer) => writer.delete("state", key);
    case "accounts":
      return (writer) => writer.delete("accounts", key);
    case "records":
      return (writer) => writer.delete("records", key);
  }
}

async function readable(writer: Writer, id: ConversationId) {
  try {
    return await writer.get("conversations", id, conversationRecord);
  } catch (error) {
    if (error instanceof DamagedRecord) return null;
    throw error;
  }
}

export function createMender(around: Surroundings): Mender {
  const { deps, me, library, directory, catchUp, privateRecords, changed, tell } = around;
  const awaited = new Set<ConversationId>();
  let isFetched = true;

  const mend = async (id: ConversationId): Promise<void> => {
    await deps.store.write(STORES, async (writer) => {
      const held = await readable(writer, id);
      const entries = await writer.all("outbox", outboxRecord);
      for (const store of [...WHOLE, "outbox"] as const) await writer.clearOf(store, id);
      const orders: number[] = [];
      for (const { key, value } of entries) {
        if (typeof key === "string" || key[0] !== id) continue;
        const entry = carriedEntry(value, 0, me.device.id);
        await writer.put("outbox", [id, key[1]], outboxRecord, entry);
        orders.push(key[1]);
      }
      const known = conversationIn(privateRecords, id);
      const about = {
        title: known?.label ?? "",
        owner: known?.inviter ?? me.account,
        createdAt: known?.createdAt ?? deps.now(),
      };
      await beginKeptIn(writer, id, conversationMended(held, about, orders));
    });
    awaited.add(id);
    changed(id);
  };

  const remove = (
    { store, key, schema }: Damage,
    go: (writer: Writer) => Promise<unknown>,
  ): Promise<void> =>
    deps.store.write(ALONE, async (writer) => {
      // Something good may have been written there meanwhile.
      if ((await writer.get(store, key, schema)) === null) await go(writer);
    });

  const take = async (found: readonly Damage[]): Promise<void> => {
    isFetched = false;
    tell("mending");
    const broken = new Set<ConversationId>();
    for (const damage of found) {
      const go = letGo(damage, me);
      if (!go) broken.add(conversationOf(damage.key));
      // Its conversation may be damaged as well, and is mended as a whole then.
      else await remove(damage, go).catch(reportUnexpected);
    }
    for (const id of broken) await mend(id);
  };

  const fetchAgain = async (): Promise<void> => {
    if (isFetched) return;
    await privateRecords.sync();
    if (!(await directory.load(me.account))) await directory.fetch(me.account, null);
    const ids = [...awaited];
    if (ids.length > 0) await catchUp.tails(ids);
    for (const id of ids) {
      const record = await library.record(id);
      if (!record || record.head >= 0) awaited.delete(id);
      changed(id);
    }
    if (awaited.size > 0) return;
    isFetched = true;
    tell("mended");
  };

  let turn: Promise<void> = Promise.resolve();
  let gathered: Damage[] = [];
  const stop = deps.store.watchDamage((damage) => {
    gathered.push(damage);
    if (gathered.length > 1) return;
    // What one read finds is set aside together.
    turn = turn
      .then(() => {
        const found = gathered;
        gathered = [];
        return take(found);
      })
      .catch(reportUnexpected);
    // Without network it comes with the next snapshot of the Inbox.
    turn.then(fetchAgain).catch(reportUnexpected);
  });

  return { settled: () => turn, fetchAgain, close: stop };
}

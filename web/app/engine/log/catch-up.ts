import { type ConversationId, parseConversationId } from "../../../../workers/protocol/ids.ts";
import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { decodeCbor } from "../../../../workers/protocol/cbor.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import {
  type ConversationState,
  type LogItem,
  conversationState,
  decodeLogItem,
} from "../../../../workers/protocol/frames.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { CoreError } from "../../../core/errors.ts";
import type { ResultOf } from "../../../platform/http.ts";
import { checkPlaces } from "../../../core/sync/places.ts";
import { fetchBundles } from "../wire/bundle-pages.ts";
import { fetchLogPage } from "../wire/log-pages.ts";
import type { Deps } from "../store/deps.ts";
import { type Baseline, judgeState } from "./judge-state.ts";
import { type Library, membersOf } from "../conversation/library.ts";
import { changeKept } from "../conversation/keep.ts";
import { ownChainFound } from "../conversation/sending-transitions.ts";
import { sendingStopped } from "../conversation/log-transitions.ts";
import { serverStateHeard } from "../conversation/reading-transitions.ts";
import type { Receiver } from "./receive.ts";
import { exchange } from "../wire/wire.ts";

/** Brings what the server has and this device has not. Everything here may be repeated at any time. */
export interface CatchUp {
  /** Everything after the cursor, a page at a time. Throws what the network throws. */
  newer(id: ConversationId): Promise<void>;
  /** One page before the oldest stored place. */
  older(id: ConversationId): Promise<void>;
  /** K13: first look at conversations that this device has nothing of, newest first. */
  tails(ids: readonly ConversationId[]): Promise<void>;
  /** What the server says about a conversation beside its log. */
  learn(id: ConversationId, state: ConversationState): Promise<void>;
  /** C5, M6: stops the conversation when the server contradicts what this device held when it asked. */
  judge(id: ConversationId, baseline: Baseline, state: ConversationState): Promise<void>;
  learnReceived(id: ConversationId, account: Uint8Array, seq: number): Promise<void>;
}

/** Two million places at one contact; a longer log goes on at the next one. */
const MOST_PAGES = 10_000;

type Tail = ResultOf<"tails">["tails"][number];

export function createCatchUp(
  deps: Deps,
  library: Library,
  receiver: Receiver,
  changed: (id: ConversationId) => void,
  receipts: (id: ConversationId, shown: readonly Uint8Array[]) => Promise<void>,
  /** what waits there can be sent again */
  writesOn: (id: ConversationId) => void,
): CatchUp {
  const itemsOf = (texts: readonly string[]) =>
    texts.map((text) => decodeLogItem(fromBase64url(text)));

  /** A long chain does not fit into one answer; its envelopes cannot be opened without the rest of it. */
  const whole = async (
    id: ConversationId,
    items: readonly LogItem[],
    { head }: ConversationState,
  ): Promise<readonly LogItem[]> => {
    const bundles = items.filter((item) => "bundle" in item).length;
    if (bundles > head.n) return items;
    const rest = await fetchBundles(deps.api, id, bundles);
    return [...items, ...rest].sort((a, b) => a.seq - b.seq);
  };

  const learn = async (
    id: ConversationId,
    state: Pick<ConversationState, "lastSeq" | "received">,
  ): Promise<void> => {
    const members = membersOf(await library.chain(id));
    await changeKept(deps.store, id, (kept) => serverStateHeard(kept, state, members));
    changed(id);
  };

  const newer = async (id: ConversationId): Promise<void> => {
    let started = -1;
    let beyond = 0;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const record = await library.record(id);
      if (!record || record.blocked) return;
      const after = Math.max(record.cursor, beyond);
      if (after === started) return;
      started = after;
      const page = await fetchLogPage(deps.api, id, { after });
      const { items } = page;
      if (items.length === 0 && (!page.more || after >= record.lastSeq)) return;
      if (items.length === 0) {
        // M5: everything in a whole page was deleted.
        beyond = after + LIMITS.itemsPerPage;
        checkPlaces([record.cursor, beyond]);
        continue;
      }
      await receiver.forward(id, items, "page");
      const seq = items.at(-1)?.seq;
      // "Delivered" is told once what was fetched is stored.
      if (!page.more && seq) await exchange(deps.api, id, [{ t: "received", seq }]);
      if (!page.more) return;
    }
  };

  const older = async (id: ConversationId): Promise<void> => {
    const record = await library.record(id);
    if (!record || record.oldest <= 1) return;
    const page = await fetchLogPage(deps.api, id, { before: record.oldest });
    // M5: a page of which everything was deleted is still behind us.
    const from = page.more ? Math.max(1, record.oldest - LIMITS.itemsPerPage) : 1;
    await receiver.backward(id, page.items, from);
  };

  /** M6, E1: reads back to what this device wrote last, if its own record of that was damaged. */
  const findOwn = async (
    id: ConversationId,
    { deviceSeq: newest, lastSeq }: Pick<ConversationState, "deviceSeq" | "lastSeq">,
  ): Promise<void> => {
    const before = await library.record(id);
    if (before?.ownChain !== "sought" || before.cursor === 0) return;
    // What is at the end of the log must not be taken for what is nowhere in it.
    if (before.cursor < lastSeq) await newer(id);
    for (let last = Number.POSITIVE_INFINITY, pages = 0; ; pages++) {
      // How far back it is by now is stored: the next contact goes on from there.
      if (pages === MOST_PAGES) return;
      const kept = await library.kept(id);
      if (!kept || kept.blocked || kept.ownChain !== "sought" || kept.cursor < lastSeq) return;
      if (kept.own.deviceSeq >= newest) break;
      // What the server does not have any more cannot be followed: this device has to be enrolled anew.
      if (kept.oldest >= last || kept.oldest <= 1) {
        await changeKept(deps.store, id, (now) => sendingStopped(now, "cloned"));
        return;
      }
      last = kept.oldest;
      await older(id);
    }
    await changeKept(deps.store, id, ownChainFound);
    changed(id);
    writesOn(id);
  };

  /** One conversation's tail, if it is one that was asked for. */
  const take = async (
    { conversation: text, stateCbor, items: texts }: Tail,
    asked: readonly ConversationId[],
  ): Promise<void> => {
    const conversation = parseConversationId(text);
    if (!asked.includes(conversation)) throw new CoreError("unbounded", "a tail nobody asked for");
    const state = decodeCbor(fromBase64url(stateCbor), conversationState, LIMITS.body);
    const items = await whole(conversation, itemsOf(texts), state);
    const seqs = items.map(({ seq }) => seq);
    // Bundles that were fetched after the state may be newer than it.
    checkPlaces([0, ...seqs, Math.max(state.lastSeq, seqs.at(-1) ?? 0)]);
    await receiver.tail(conversation, items, state.lastSeq);
    await learn(conversation, state);
    await findOwn(conversation, state);
    await receipts(conversation, state.receipts);
  };

  return {
    learn,
    learnReceived: (id, account, seq) => learn(id, { lastSeq: 0, received: [{ account, seq }] }),
    async judge(id, baseline, state) {
      if (baseline.record.ownChain === "sought") return findOwn(id, state);
      await changeKept(deps.store, id, (kept) =>
        sendingStopped(kept, judgeState(baseline, kept.own.deviceSeq, state)),
      );
    },
    newer,
    older,
    async tails(ids) {
      let waiting: readonly ConversationId[] = ids;
      /** one that is refused keeps no other one back */
      const failures: unknown[] = [];
      while (waiting.length > 0) {
        const conversations = waiting.slice(0, LIMITS.tails);
        const { tails, left } = await deps.api.call("tails", { body: { conversations } });
        // An answer has room for so many bytes; a server that leaves all of them would be asked for ever.
        if (left.length >= conversations.length) throw new ProtocolError("internal", "tails");
        waiting = [...left.map(parseConversationId), ...waiting.slice(LIMITS.tails)];
        for (const tail of tails)
          await take(tail, conversations).catch((e: unknown) => failures.push(e));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

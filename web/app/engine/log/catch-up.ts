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
import { baselineOf } from "./baseline.ts";
import { lazily } from "../../../platform/lazily.ts";
import { fetchBundles } from "../wire/bundle-pages.ts";
import { fetchLogPage } from "../wire/log-pages.ts";
import type { Deps } from "../store/deps.ts";
import { type Baseline, heldUpTo, judgeState } from "./judge-state.ts";
import { type Library, membersOf } from "../conversation/library.ts";
import { changeKept } from "../conversation/keep.ts";
import { ownChainFound } from "../conversation/sending-transitions.ts";
import {
  failureNoticed,
  isProven,
  isWanting,
  wanted,
  wantsMet,
} from "../conversation/standstill-transitions.ts";
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
  /**
   * C5, M6: whether the server contradicts what this device held when it asked: that is wanted of the log, and nothing
   * is sent meanwhile. True: what it takes back is gone here, so that the log has to be asked for from an earlier place.
   */
  judge(id: ConversationId, baseline: Baseline, state: ConversationState): Promise<boolean>;
  /** C5, M6: asks for all that is wanted, missing or waited for; nothing where nothing is. */
  askAgain(id: ConversationId): Promise<void>;
  learnReceived(id: ConversationId, account: Uint8Array, seq: number): Promise<void>;
}

/** Two million places at one contact; a longer log goes on at the next one. */
const MOST_PAGES = 10_000;

type Tail = ResultOf<"tails">["tails"][number];
/** Most contacts find nothing to ask for. */
const asking = lazily(() => import("./ask-again.ts"));

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

  /** Whether all that the server showed could be used: false where something of it is asked for again. */
  const readOn = async (id: ConversationId): Promise<boolean> => {
    let started = -1;
    let beyond = 0;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const record = await library.record(id);
      if (!record || isProven(record)) return false;
      const after = Math.max(record.cursor, beyond);
      if (after === started) return false;
      started = after;
      const page = await fetchLogPage(deps.api, id, { after });
      const { items } = page;
      if (items.length === 0 && (!page.more || after >= record.lastSeq)) {
        // C5: the server stands by nothing of what was wanted here.
        if (!page.more && isWanting(record)) await receiver.again(id, [], true);
        return true;
      }
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
      if (!page.more) return ((await library.record(id))?.cursor ?? 0) >= (seq ?? 0);
    }
    return false;
  };
  const newer = async (id: ConversationId): Promise<void> => void (await readOn(id));

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
      if (!kept || isProven(kept) || kept.ownChain !== "sought" || kept.cursor < lastSeq) return;
      if (kept.own.deviceSeq >= newest) break;
      // What the server does not show cannot be followed, and nobody signed that it is not there.
      if (kept.oldest >= last) {
        await changeKept(deps.store, id, (now) => wanted(now, "log", deps.now()));
        changed(id);
        return;
      }
      last = kept.oldest;
      await older(id);
    }
    await changeKept(deps.store, id, (kept) => {
      const found = ownChainFound(kept);
      return found && wantsMet(found, ["log"]);
    });
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

  const judge = async (
    id: ConversationId,
    baseline: Baseline,
    state: ConversationState,
  ): Promise<boolean> => {
    if (baseline.record.ownChain === "sought") {
      await findOwn(id, state);
      return false;
    }
    const { cursor } = baseline.record;
    const isBack = state.lastSeq < cursor && (await receiver.retract(id, cursor, state.lastSeq));
    const held = isBack ? heldUpTo(baseline, state.lastSeq) : baseline;
    const now = deps.now();
    await changeKept(deps.store, id, (kept) => {
      const verdict = judgeState(held, kept.own.deviceSeq, state);
      if (verdict === null) return wantsMet(kept, ["log"]);
      const noticed = failureNoticed(kept, "log", now);
      // What else is wanted is nearer to its end, and this is asked again with it.
      return isWanting(noticed) ? noticed : wanted(noticed, "log", now);
    });
    changed(id);
    return isBack;
  };

  /** Where each conversation's next round of missed places begins. */
  const turns = new Map<ConversationId, number>();

  const askAgain = async (id: ConversationId): Promise<void> => {
    const before = await library.record(id);
    if (!before || isProven(before)) return;
    const { blocked, missed, retryable } = before;
    if (!blocked && missed.length === 0 && retryable === 0) return;
    if (blocked?.code === "log") {
      const baseline = await baselineOf(deps, library, id);
      const { tails } = await deps.api.call("tails", { body: { conversations: [id] } });
      const shown = tails.find(({ conversation }) => conversation === id);
      if (baseline && shown) {
        const bytes = fromBase64url(shown.stateCbor);
        await judge(id, baseline, decodeCbor(bytes, conversationState, LIMITS.body));
      }
    }
    const isWhole = blocked !== null && (await readOn(id));
    const { fetchMissed, fetchShares } = await asking();
    const { items, next } = await fetchMissed(deps.api, id, missed, turns.get(id) ?? 0);
    turns.set(id, next);
    const chain = await library.chain(id);
    const shares = await fetchShares(deps.api, id, chain, retryable > 0);
    await receiver.again(id, [...items, ...shares], isWhole);
  };

  return {
    learn,
    learnReceived: (id, account, seq) => learn(id, { lastSeq: 0, received: [{ account, seq }] }),
    judge,
    askAgain,
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

import {
  type AccountId,
  type ConversationId,
  accountIdText,
  conversationIdText,
  parseConversationId,
} from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { type Epoch, restoreConversation } from "../../../core/conversation/state.ts";
import { type BundleChain, EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { DamagedRecord } from "../store/damaged.ts";
import type { Deps } from "../store/deps.ts";
import { keptOf } from "./keep.ts";
import type { KeptConversation } from "./kept.ts";
import {
  type BundleRecord,
  type ConversationRecord,
  bundleRecord,
  conversationRecord,
} from "../store/records.ts";
import type { Writer } from "../store/store.ts";

/** Accounts of the newest roster. */
export const membersOf = ({ conversation }: BundleChain): ReadonlySet<AccountId> =>
  new Set(conversation?.bundles.at(-1)?.core.roster.map(({ account }) => accountIdText(account)));

export const headN = (chain: BundleChain): number => chain.seqs.length - 1;

/** Records and chains of conversations, from memory where they are fresh. */
export interface Library {
  /** What the list shows of it, and how far it is. */
  record(id: ConversationId): Promise<ConversationRecord | null>;
  /** All that is kept of it beside its log. */
  kept(id: ConversationId): Promise<KeptConversation | null>;
  records(): Promise<Map<ConversationId, ConversationRecord>>;
  /** The newest conversation of this owner. */
  ownedBy(owner: Uint8Array): Promise<ConversationId | null>;
  chain(id: ConversationId): Promise<BundleChain>;
  /** Call inside the transaction that makes the chain true; writes what differs from `before`. */
  writeChain(
    writer: Writer,
    id: ConversationId,
    chain: BundleChain,
    before: BundleChain,
  ): Promise<void>;
  /** After that transaction. */
  keep(id: ConversationId, chain: BundleChain): void;
}

const rowOf = (core: Uint8Array, seq: number, epoch: Epoch | undefined): BundleRecord => ({
  core,
  seq,
  key: epoch?.key ?? null,
  share: epoch?.share ?? null,
  secret: epoch?.secret ?? null,
});

export function createLibrary(deps: Deps): Library {
  const chains = new Map<string, BundleChain>();

  const readChain = async (id: ConversationId): Promise<BundleChain> => {
    const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
    const rows = await deps.store.readAll("bundles", bundleRecord, span);
    if (rows.length === 0) return EMPTY_CHAIN;
    const epochs = new Map(
      rows.map(({ value: { key, share, secret } }, n) => [n, { key, share, secret }]),
    );
    // One that cannot be read leaves a hole: what stands after it is not what its place says.
    if (rows.some(({ key }, n) => typeof key === "string" || key[1] !== n)) {
      throw new DamagedRecord("bundles");
    }
    const cores = rows.map(({ value }) => value.core);
    return {
      conversation: restoreConversation(cores, epochs),
      seqs: rows.map(({ value }) => value.seq),
    };
  };

  const records = async (): Promise<Map<ConversationId, ConversationRecord>> => {
    const all = await deps.store.readAll("conversations", conversationRecord);
    return new Map(
      all.flatMap(({ key, value }) =>
        typeof key === "string" ? [[parseConversationId(key), value] as const] : [],
      ),
    );
  };

  return {
    records,
    record: (id) => deps.store.read("conversations", id, conversationRecord),
    kept: (id) => keptOf(deps.store, id),
    async ownedBy(owner) {
      const theirs = [...(await records())].filter(([, kept]) => equalBytes(kept.owner, owner));
      return theirs.toSorted(([, a], [, b]) => b.lastAt - a.lastAt)[0]?.[0] ?? null;
    },
    async chain(id) {
      const cached = chains.get(id);
      const record = await deps.store.read("conversations", id, conversationRecord);
      // Another tab may have stored a newer bundle.
      if (cached && record && record.head === headN(cached)) return cached;
      const chain = await readChain(id);
      chains.set(id, chain);
      return chain;
    },
    async writeChain(writer, id, { conversation, seqs }, before) {
      if (!conversation || conversationIdText(conversation.id) !== id) return;
      for (const { core } of conversation.bundles) {
        const seq = seqs[core.n];
        const epoch = conversation.epochs.get(core.n);
        // A grant may open an earlier epoch: its row changes though its bundle does not.
        const unchanged =
          core.n < before.seqs.length && epoch === before.conversation?.epochs.get(core.n);
        if (seq === undefined || unchanged) continue;
        await writer.put(
          "bundles",
          [id, core.n],
          bundleRecord,
          rowOf(encodeCbor(core), seq, epoch),
        );
      }
    },
    keep: (id, chain) => void chains.set(id, chain),
  };
}

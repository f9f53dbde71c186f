import { decodeBundleCore } from "../../protocol/bundle.ts";
import type { CheckedBundle } from "../../protocol/bundle-rules.ts";
import {
  type AccountId,
  type DeviceId,
  accountIdText,
  deviceIdText,
  idBytes,
} from "../../protocol/ids.ts";
import type { Claim } from "../rules/access.ts";
import { type DeviceLog, type Place, withMessage } from "../rules/append.ts";
import type { AuthorStore } from "./author-store.ts";
import type { BlobStore } from "./blob-store.ts";
import type { BundleStore } from "./bundle-store.ts";
import type { ErasureStore } from "./erasure-store.ts";
import type { LedgerStore } from "./ledger-store.ts";
import { decodeNote } from "./note.ts";
import type { MetaStore, Progress } from "./meta-store.ts";
import type { Outage } from "../../objects/outages.ts";
import type { ShardRange } from "../rules/shards.ts";
import type { Slot } from "../rules/receipt-slot.ts";
import type { ReceiptStore } from "./receipt-store.ts";
import type { TailStore } from "./tail-store.ts";

/** A device that has written here, as of the newest seq. */
export interface AuthorState {
  readonly id: number;
  readonly account: AccountId;
  readonly device: DeviceId;
  authored: number;
  log: DeviceLog;
  /** seq of its newest message */
  newest: number;
  /** its row in `authors` is as of this seq */
  upto: number;
}

/** The conversation as the object holds it between events. Dropped and read again when a transaction fails. */
export interface Memory {
  readonly conversation: Uint8Array;
  /** where history lies, oldest first */
  shards: readonly ShardRange[];
  head: CheckedBundle;
  members: ReadonlySet<AccountId>;
  last: Place;
  readonly authors: Map<DeviceId, AuthorState>;
  /** envelopes in the log, by anybody */
  envelopes: number;
  readonly authored: Map<AccountId, number>;
  readonly received: Map<AccountId, number>;
  readonly notified: Map<AccountId, number>;
  /** M10 */
  readonly receipts: Map<AccountId, Slot>;
  /** of these: only a socket holds it; it stands in a note of the tail; its author can be told that it is stored */
  readonly unstored: Set<AccountId>;
  readonly noted: Set<AccountId>;
  readonly confirmable: Set<AccountId>;
  /** [account, seq]: what its Inbox was told, whether stored there or not; of former instances what was stored */
  readonly told: Map<AccountId, number>;
  claims: Claim[];
  flushed: number;
  pruned: number;
  prunedBytes: number;
  /** as it was read, with what a newer build has added */
  progress: Progress;
  createdAt: number;
  /** of all envelopes */
  bytes: number;
  /** when the oldest place that is not in D1 was taken, and the bytes of them all */
  pendingSince: number | null;
  pendingBytes: number;
  /** since when this is behind, as the registry has it */
  toldBehind: number | null;
  /** the registry is to be told, whatever it was told before */
  isReportDue: boolean;
  /** what changed is worth an alarm of its own: no socket holds it */
  isUrgent: boolean;
  /** something of `Progress` changed since it was written */
  isDirty: boolean;
  /** `flushed` as it was written last */
  savedFlushed: number;
}

export interface Stores {
  readonly meta: MetaStore;
  readonly tail: TailStore;
  readonly bundles: BundleStore;
  readonly authors: AuthorStore;
  readonly ledger: LedgerStore;
  readonly erasures: ErasureStore;
  readonly receipts: ReceiptStore;
  readonly blobs: BlobStore;
}

const marksOf = (marks: readonly (readonly [Uint8Array, number])[]): Map<AccountId, number> =>
  new Map(marks.map(([account, seq]) => [accountIdText(account), seq]));

const listOf = (marks: ReadonlyMap<AccountId, number>): [Uint8Array, number][] =>
  Array.from(marks, ([account, seq]) => [idBytes(account), seq]);

export const progressOf = (memory: Memory, outages: readonly Outage[]): Progress => ({
  ...memory.progress,
  outages: [...outages],
  toldBehind: memory.toldBehind,
  flushed: memory.flushed,
  pruned: memory.pruned,
  received: listOf(memory.received),
  notified: listOf(memory.notified),
  prunedBytes: memory.prunedBytes,
});

export const membersOf = ({ core }: CheckedBundle): ReadonlySet<AccountId> =>
  new Set(core.roster.map(({ account }) => accountIdText(account)));

/** M10: who left the roster leaves no receipt behind; inside the transaction that changes it. */
export function dropReceipts(stores: Stores, memory: Memory): void {
  const { members, receipts, unstored, noted } = memory;
  for (const account of receipts.keys()) {
    if (members.has(account)) continue;
    stores.receipts.delete(account);
    receipts.delete(account);
    unstored.delete(account);
    noted.delete(account);
  }
}

/** Notes one more place that D1 does not have. */
export function notePending(memory: Memory, { at }: Place, size: number): void {
  memory.pendingSince ??= at;
  memory.pendingBytes += size;
  memory.bytes += size;
}

/** Notes one more envelope; the caller has decided that it is the device's next (M6). */
export function noteEnvelope(
  memory: Memory,
  author: AuthorState,
  message: Place & { readonly deviceSeq: number; readonly messageId: Uint8Array },
): void {
  author.log = withMessage(author.log, message);
  author.authored += 1;
  author.newest = message.seq;
  memory.envelopes += 1;
  memory.authored.set(author.account, (memory.authored.get(author.account) ?? 0) + 1);
}

function applyNote(memory: Memory, note: Uint8Array): void {
  for (const { account, counter, body } of decodeNote(note).receipts) {
    const name = accountIdText(account);
    if (!memory.members.has(name) || counter <= (memory.receipts.get(name)?.counter ?? 0)) continue;
    memory.receipts.set(name, { counter, body });
    memory.noted.add(name);
    memory.isDirty = true;
  }
}

/** Reads everything but bodies. Null if the conversation was never created. */
export function loadMemory(stores: Stores): Memory | null {
  const creation = stores.meta.creation();
  const head = stores.bundles.last();
  if (!creation || !head) return null;
  const progress = stores.meta.progress();
  const checked = { core: decodeBundleCore(head.core), hash: head.hash };
  const memory: Memory = {
    conversation: creation.conversation,
    shards: stores.meta.shards(creation.shard),
    head: checked,
    members: membersOf(checked),
    last: { seq: progress.pruned, at: head.at },
    authors: new Map(),
    envelopes: 0,
    authored: new Map(),
    received: marksOf(progress.received),
    notified: marksOf(progress.notified),
    receipts: stores.receipts.all(),
    unstored: new Set(),
    noted: new Set(),
    confirmable: new Set(),
    told: marksOf(progress.notified),
    claims: stores.ledger.claims(),
    flushed: progress.flushed,
    pruned: progress.pruned,
    prunedBytes: progress.prunedBytes,
    progress,
    createdAt: creation.createdAt,
    bytes: progress.prunedBytes,
    pendingSince: null,
    pendingBytes: 0,
    toldBehind: progress.toldBehind ?? null,
    isReportDue: progress.toldBehind === undefined,
    isDirty: false,
    isUrgent: false,
    savedFlushed: progress.flushed,
  };
  const byId = new Map<number, AuthorState>();
  for (const { id, account, device, upto, authored, log } of stores.authors.all()) {
    const newest = log.recent.at(-1)?.seq ?? 0;
    const name = { account: accountIdText(account), device: deviceIdText(device) };
    const author = { id, ...name, authored, log, newest, upto };
    byId.set(id, author);
    memory.authors.set(name.device, author);
    memory.envelopes += authored;
    memory.authored.set(name.account, (memory.authored.get(name.account) ?? 0) + authored);
  }
  for (const entry of stores.tail.load(progress.pruned)) {
    if (entry.seq > memory.flushed) notePending(memory, entry, entry.size);
    memory.bytes += entry.seq > memory.flushed ? 0 : entry.size;
    if (entry.note) applyNote(memory, entry.note);
    memory.last = { seq: entry.seq, at: entry.at };
    const author = entry.author === null ? undefined : byId.get(entry.author);
    if (!author || !entry.messageId || entry.seq <= author.upto) continue;
    const { seq, at, number: deviceSeq, messageId } = entry;
    noteEnvelope(memory, author, { seq, at, deviceSeq, messageId });
  }
  return memory;
}

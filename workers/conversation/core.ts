import type { BundleDelivery } from "../protocol/bundle.ts";
import type { LogItem } from "../protocol/frames.ts";
import type { CheckedBundle } from "../protocol/bundle-rules.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { type Standing, standingOf } from "./rules/access.ts";
import type { Place } from "./rules/append.ts";
import { AuthorStore } from "./tables/author-store.ts";
import { BlobStore } from "./tables/blob-store.ts";
import { BundleStore, type StoredBundle } from "./tables/bundle-store.ts";
import { type Deps, realDeps } from "./deps.ts";
import { ErasureStore } from "./tables/erasure-store.ts";
import { LedgerStore } from "./tables/ledger-store.ts";
import {
  type AuthorState,
  type Memory,
  type Stores,
  dropReceipts,
  loadMemory,
  membersOf,
  noteEnvelope,
  notePending,
} from "./tables/memory.ts";
import { confirmStored, recallHeld, takeNote } from "./tables/held.ts";
import { MetaStore } from "./tables/meta-store.ts";
import { logRefused } from "../objects/log.ts";
import { OneByOne } from "../objects/one-by-one.ts";
import { Outages } from "../objects/outages.ts";
import type { Budgets } from "../budgets.ts";
import { settingsOf } from "../env.ts";
import type { Peer } from "../objects/peer.ts";
import type { Peers } from "../objects/peers.ts";
import { RateLimiter } from "../objects/rate-limit.ts";
import { rateSettings } from "../objects/rate-settings.ts";
import { ReceiptStore } from "./tables/receipt-store.ts";
import { FORMAT } from "./tables/schema.ts";
import { StorageEraError, ensureStorage, openStorage } from "../objects/storage-version.ts";
import { TUNING } from "./settings.ts";
import { ShareCache, shareNamed } from "./shares.ts";
import { SpendingStore } from "./tables/spending-store.ts";
import { TailStore } from "./tables/tail-store.ts";
import { DayBudget } from "./tables/day-budget.ts";

const openStores = (sql: SqlStorage): Stores => ({
  meta: new MetaStore(sql),
  tail: new TailStore(sql),
  bundles: new BundleStore(sql),
  authors: new AuthorStore(sql),
  ledger: new LedgerStore(sql),
  erasures: new ErasureStore(sql),
  receipts: new ReceiptStore(sql),
  blobs: new BlobStore(sql),
});

/** What the parts of a Conversation share: its tables, its memory of them, its peers. */
export class Core {
  readonly shares = new ShareCache();
  /** replaced by tests, as deps are to let a neighbour fail */
  limiter: RateLimiter;
  /** typing and presence: a bucket of their own, so that they never take a message's place */
  readonly ephemerals = new RateLimiter(TUNING.ephemerals);
  readonly budgets: Budgets;
  /** bytes an account and day */
  readonly dayBudget: DayBudget;
  /** what a device reads, by its size */
  readonly downstream = new RateLimiter(TUNING.downstream);
  deps: Deps;
  stores: Stores;
  /** keys of the shares of bundles that may be about to be committed (share-attempts.ts) */
  readonly uploading = new Set<string>();
  /** blobs that R2 is making of their parts in this instance: no sweep takes them */
  readonly assembling = new Set<string>();
  /** tables exist */
  isWritten = false;
  /** the owner's budget is asked and told by one at a time */
  readonly totals = new OneByOne();
  outages = new Outages("Conversation", []);
  /** storage of another era: nothing is read, written or answered (decision "both ways") */
  readonly refusal: StorageEraError | null = null;
  #memory: Memory | null = null;
  /** null: none */
  #alarmAt: number | null = null;

  constructor(
    readonly storage: DurableObjectStorage,
    readonly peers: Peers,
    env: Cloudflare.Env,
  ) {
    this.deps = realDeps(env);
    this.budgets = settingsOf(env).budgets;
    this.dayBudget = new DayBudget(new SpendingStore(storage.sql), this.budgets.messageBytesADay);
    this.limiter = new RateLimiter(rateSettings(env.RATE_LIMITS));
    this.stores = openStores(storage.sql);
    try {
      this.isWritten = openStorage(storage, FORMAT);
      if (this.isWritten) this.reload();
      this.outages = new Outages("Conversation", this.#memory?.progress.outages ?? []);
    } catch (error) {
      if (!(error instanceof StorageEraError)) throw error;
      this.refusal = error;
      logRefused("Conversation", error);
    }
  }

  /** Null until bundle 0 is committed. Throws StorageEraError. */
  get memory(): Memory | null {
    if (this.refusal) throw this.refusal;
    return this.#memory;
  }

  /** Makes the tables of a new conversation. Throws StorageEraError. */
  prepare(): void {
    ensureStorage(this.storage, FORMAT);
    this.isWritten = true;
  }

  /** Leaves nothing behind of a conversation that never was. */
  async forget(): Promise<void> {
    this.isWritten = false;
    await this.storage.deleteAll();
  }

  /** The conversation. Throws `not_found` if it was never created, StorageEraError. */
  get(): Memory {
    const { memory } = this;
    if (!memory) throw new ProtocolError("not_found");
    return memory;
  }

  /** Forgets what is in memory for what is stored. */
  reload(): void {
    this.stores = openStores(this.storage.sql);
    this.#memory = loadMemory(this.stores);
    if (this.#memory) recallHeld(this.#memory, this.peers.evenClosing());
    this.dayBudget.load(this.deps.now());
  }

  /** All or nothing: memory was changed along with the tables, so a failure reads it again from them. */
  transact<T>(work: () => T): T {
    try {
      return this.storage.transactionSync(work);
    } catch (error) {
      this.reload();
      throw error;
    }
  }

  /** Asked for every socket at every commit, so members are known by name. */
  standing({ account, who }: Pick<Peer, "account" | "who">): Standing {
    const { memory } = this;
    if (!memory) return { kind: "stranger" };
    if (memory.members.has(account)) return { kind: "member", recipients: [who.account] };
    return standingOf(memory.head, memory.claims, who.account, this.deps.now());
  }

  /** A bundle was written: the first one makes the conversation. */
  headChanged(head: CheckedBundle, place: Place): void {
    const memory = this.#memory;
    if (!memory) return this.reload();
    memory.head = head;
    memory.members = membersOf(head);
    dropReceipts(this.stores, memory);
    notePending(memory, place, 0);
    memory.last = place;
    memory.claims = this.stores.ledger.claims();
  }

  /** Makes sure that the alarm comes no later than `at`. Same turn as the write it is for: stored together. */
  wakeAt(at: number): void {
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    void this.storage.setAlarm(at);
  }

  /** A former instance may have set the alarm. */
  async learnAlarm(): Promise<void> {
    this.#alarmAt = await this.storage.getAlarm();
  }

  /** Lets the authors' Inboxes add up what they sent; never rejects. */
  async reportSpending(): Promise<void> {
    const { conversation } = this.get();
    await this.dayBudget.report((account, day, bytes) =>
      this.deps.spent(account, conversation, day, bytes),
    );
  }

  /** The alarm has come. */
  alarmTaken(): void {
    this.#alarmAt = null;
  }

  #authorOf(memory: Memory, peer: Peer): AuthorState {
    const known = memory.authors.get(peer.device);
    if (known) return known;
    const upto = memory.last.seq;
    const log = { last: 0, recent: [] };
    const { account, device } = peer;
    const author = {
      id: memory.authors.size + 1,
      account,
      device,
      authored: 0,
      log,
      newest: 0,
      upto,
    };
    this.stores.authors.put({ ...author, account: peer.who.account, device: peer.who.device });
    memory.authors.set(device, author);
    return author;
  }

  /** After the commit: tells those whose receipts are stored by now. */
  confirmReceipts(): void {
    if (this.#memory) confirmStored(this.#memory, this.peers.all());
  }

  /** Writes one envelope at its place; inside a transaction. */
  writeEnvelope(
    peer: Peer,
    place: Place,
    message: { readonly deviceSeq: number; readonly messageId: Uint8Array },
    body: Uint8Array,
  ): void {
    const memory = this.get();
    const author = this.#authorOf(memory, peer);
    const { deviceSeq: number, messageId } = message;
    const row = { ...place, author: author.id, number, messageId, body };
    this.stores.tail.insert(row, takeNote(memory));
    noteEnvelope(memory, author, { ...place, ...message });
    notePending(memory, place, body.length);
    memory.last = place;
  }

  /** What this reader gets of a bundle; its share must have been loaded. */
  deliveryOf(bundle: StoredBundle, standing: Standing): BundleDelivery {
    const recipients = standing.kind === "stranger" ? [] : standing.recipients;
    return {
      core: bundle.core,
      signature: bundle.signature,
      inviteSignature: bundle.inviteSignature,
      ...this.stores.bundles.sealsFor(bundle.n, recipients),
      share: this.shares.get(bundle.hash),
    };
  }

  /** Items `from`..`to` that are in the tail, with all bundles there, by seq. */
  *items(from: number, to: number, standing: Standing): Generator<LogItem> {
    const bundles = new Map(this.stores.bundles.inLog(from, to).map((b) => [b.seq, b]));
    for (let at = from; at <= to; at += TUNING.rowsAtOnce) {
      const last = Math.min(to, at + TUNING.rowsAtOnce - 1);
      const envelopes = new Map(this.stores.tail.read(at, last).map((row) => [row.seq, row]));
      for (let seq = at; seq <= last; seq++) {
        const bundle = bundles.get(seq);
        const row = envelopes.get(seq);
        if (bundle) yield { seq, at: bundle.at, bundle: this.deliveryOf(bundle, standing) };
        else if (row?.body) yield { seq, at: row.at, envelope: row.body };
      }
    }
  }

  /** Loads the shares of these bundles. Rejects with `unavailable` if R2 is out of reach. */
  async loadShares(bundles: readonly StoredBundle[]): Promise<void> {
    const { conversation } = this.get();
    const names = bundles.map((bundle) => shareNamed(conversation, bundle));
    try {
      await this.shares.load(this.deps.shares, names);
    } catch {
      throw new ProtocolError("unavailable", "shares");
    }
  }
}

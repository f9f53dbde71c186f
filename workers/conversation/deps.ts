import { loadManifest } from "../accounts/manifest-store.ts";
import {
  countOpenInvitations,
  recordInvitation,
  settleInvitation,
} from "../accounts/invitation-store.ts";
import { webCryptoVerifier } from "../accounts/web-crypto-verifier.ts";
import { type ArchivedPlace, eraseArchived, readPlaces } from "../archive/erase.ts";
import { type Gap, archiveGaps } from "../archive/gaps.ts";
import { type ArchivedItem, writeArchive } from "../archive/write.ts";
import { type BlobBucket, r2Blobs } from "../attachments/bucket.ts";
import { database } from "../db/database.ts";
import { settingsOf } from "../env.ts";
import { inboxObject } from "../objects/objects.ts";
import type { Activity } from "../inbox/activity.ts";
import {
  type AccountId,
  accountIdText,
  conversationIdText,
  inviteIdText,
} from "../protocol/ids.ts";
import type { ManifestSource } from "./rules/admission.ts";
import { fileBytesOf, reserveFileBytes, tellFileBytes } from "../registry/file-bytes.ts";
import { type Registered, register } from "../registry/conversation-registry.ts";
import type { OutboxTask } from "./tables/ledger-store.ts";
import { type ShareStore, r2Shares } from "./shares.ts";

/** Everything outside of the object, so that tests can let each of them fail. */
export interface Deps extends ManifestSource {
  readonly now: () => number;
  /** 0 to 1, for jitter */
  readonly random: () => number;
  readonly archive: (
    shard: number,
    conversation: Uint8Array,
    items: readonly ArchivedItem[],
  ) => Promise<void>;
  /** who wrote what stands at these archived places; what nobody wrote is absent */
  readonly archivedPlaces: (
    shard: number,
    conversation: Uint8Array,
    seqs: readonly number[],
  ) => Promise<readonly ArchivedPlace[]>;
  /** places up to a seq that the archive does not have */
  readonly archiveGaps: (shard: number, conversation: Uint8Array, part: Gap) => Promise<Gap[]>;
  /** M5: empties archived places; those that are empty or absent stay as they are */
  readonly eraseArchived: (
    shard: number,
    conversation: Uint8Array,
    seqs: readonly number[],
  ) => Promise<void>;
  /** where a new conversation's history goes */
  readonly newShard: () => number;
  /** whether a shard of this number is bound */
  readonly hasShard: (shard: number) => boolean;
  readonly shares: ShareStore;
  readonly blobs: BlobBucket;
  /** whether the budget of the conversation's owner has room for so many bytes here, which then are its share of it */
  readonly reserveFiles: (
    conversation: Uint8Array,
    bytes: number,
    limit: number,
  ) => Promise<"taken" | "full" | "unknown">;
  /** so many bytes are here, whatever the budget says; unknown: the registry has no such conversation */
  readonly tellFiles: (conversation: Uint8Array, bytes: number) => Promise<"taken" | "unknown">;
  /** bytes in all conversations that this account owns */
  readonly filesOf: (account: AccountId) => Promise<number>;
  /** false: the Inbox only holds it, and is to be told again with `mustStore` */
  readonly activity: (
    account: AccountId,
    activity: Activity,
    mustStore: boolean,
  ) => Promise<boolean>;
  /** bytes sent here on a day (of UTC), so far; answers what the account sent in all of its conversations */
  readonly spent: (
    account: AccountId,
    conversation: Uint8Array,
    day: number,
    bytes: number,
  ) => Promise<number>;
  /** invitations of this account that somebody could still accept, as far as D1 knows */
  readonly openInvitations: (account: AccountId, now: number) => Promise<number>;
  /** tells D1's table of invitations */
  readonly tell: (conversation: Uint8Array, task: OutboxTask) => Promise<void>;
  /** tells D1's registry of conversations */
  readonly report: (report: Registered) => Promise<void>;
}

async function tellInvitations(
  env: Cloudflare.Env,
  conversation: Uint8Array,
  task: OutboxTask,
): Promise<void> {
  const db = database(env.DB);
  const inviteId = inviteIdText(task.invite);
  const id = conversationIdText(conversation);
  switch (task.kind) {
    case "record": {
      const { signPub, expiry: expiresAt, at: createdAt } = task;
      const inviter = accountIdText(task.inviter);
      const row = { inviteId, signPub, role: "patient", expiresAt, inviter, createdAt } as const;
      await recordInvitation(db, { ...row, conversation: id });
      return;
    }
    case "settle": {
      const account = task.account && accountIdText(task.account);
      await settleInvitation(db, inviteId, task.state, account, id);
      return;
    }
  }
}

function shardOf(env: Cloudflare.Env, number: number): D1Database {
  const shard = settingsOf(env).shards[number];
  if (!shard) throw new RangeError(`no archive shard ${number}`);
  return shard;
}

export const realDeps = (env: Cloudflare.Env): Deps => ({
  now: () => Date.now(),
  random: () => Math.random(),
  verifier: webCryptoVerifier,
  manifest: (account, version) => loadManifest(database(env.DB), account, version),
  async archive(shard, conversation, items) {
    await writeArchive(shardOf(env, shard), conversation, items);
  },
  archivedPlaces: (shard, conversation, seqs) =>
    readPlaces(shardOf(env, shard), conversation, seqs),
  archiveGaps: (shard, conversation, part) => archiveGaps(shardOf(env, shard), conversation, part),
  eraseArchived: (shard, conversation, seqs) =>
    eraseArchived(shardOf(env, shard), conversation, seqs),
  newShard: () => newShard(env),
  hasShard: (shard) => settingsOf(env).shards[shard] !== undefined,
  shares: r2Shares(env.BLOBS),
  blobs: r2Blobs(env.BLOBS),
  reserveFiles: (conversation, bytes, limit) =>
    reserveFileBytes(database(env.DB), conversationIdText(conversation), bytes, limit),
  tellFiles: (conversation, bytes) =>
    tellFileBytes(database(env.DB), conversationIdText(conversation), bytes),
  filesOf: (account) => fileBytesOf(database(env.DB), account),
  async activity(account, activity, mustStore) {
    const isStored: unknown = await inboxObject(env, account).activity(activity, mustStore);
    // An older build says nothing, and has stored it.
    return isStored !== false;
  },
  spent: (account, conversation, day, bytes) =>
    inboxObject(env, account).spent(conversation, day, bytes),
  openInvitations: (account, now) => countOpenInvitations(database(env.DB), account, now),
  tell: (conversation, task) => tellInvitations(env, conversation, task),
  report: (report) => register(database(env.DB), report),
});

/** Where a new conversation's history goes: the newest shard, which has room, unless configured. */
function newShard(env: Cloudflare.Env): number {
  const last = settingsOf(env).shards.length - 1;
  const chosen = env.ARCHIVE_NEW ? Number(env.ARCHIVE_NEW) : last;
  if (Number.isInteger(chosen) && chosen >= 0 && chosen <= last) return chosen;
  throw new RangeError("ARCHIVE_NEW names no shard");
}

import type { StorageFormat } from "../../objects/storage-version.ts";

/**
 * The object's own SQLite. Every b-tree that a message touches is a billed row write: a message touches
 * `tail` only, which therefore has no second index. A further version is one more text at the end, and only adds
 * (decision "both ways"): statements name their columns, so that an older build serves tables that have more.
 */
const STEPS: readonly string[] = [
  `
  -- creation and progress (meta-store.ts)
  CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

  -- The newest part of the log and all that is not yet in D1. Rows of pruned items are overwritten, not
  -- deleted: a delete is billed like a write. author NULL: a bundle, whose n is in number.
  CREATE TABLE tail (
    slot INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    author INTEGER,
    number INTEGER NOT NULL,
    message BLOB,
    body BLOB
  );

  -- What each device had sent up to upto; what came later is in the tail (M6).
  CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    account BLOB NOT NULL,
    device BLOB NOT NULL,
    upto INTEGER NOT NULL,
    authored INTEGER NOT NULL,
    recent BLOB NOT NULL
  );

  -- Never pruned: the chain is how everybody verifies everything (C2).
  CREATE TABLE bundles (
    n INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    core BLOB NOT NULL,
    signature BLOB NOT NULL,
    invite_signature BLOB
  );

  -- position: the core's order, grants after seals; from_n NULL: the epoch seal.
  CREATE TABLE seals (
    recipient BLOB NOT NULL,
    n INTEGER NOT NULL,
    position INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    from_n INTEGER,
    to_n INTEGER,
    seal BLOB NOT NULL,
    PRIMARY KEY (recipient, n, position)
  ) WITHOUT ROWID;

  CREATE TABLE invites (invite BLOB PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE claims (
    invite BLOB NOT NULL,
    account BLOB NOT NULL,
    PRIMARY KEY (invite, account)
  ) WITHOUT ROWID;

  -- What D1 is still to be told.
  CREATE TABLE outbox (id INTEGER PRIMARY KEY, task BLOB NOT NULL);

  -- Shares put to R2 for bundles that may not have been committed (C7).
  CREATE TABLE share_intents (hash BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

  -- Places whose ciphertext D1 is still to be rid of (M5).
  CREATE TABLE erasures (seq INTEGER PRIMARY KEY);

  -- The newest read receipt of each account (M10): written over, never added to.
  CREATE TABLE receipts (
    account BLOB PRIMARY KEY,
    counter INTEGER NOT NULL,
    body BLOB NOT NULL
  ) WITHOUT ROWID;

  -- From this place on history lies in that shard; what is before the first of them lies where creation says.
  CREATE TABLE shards (from_seq INTEGER PRIMARY KEY, shard INTEGER NOT NULL);
  `,
  `
  -- What is stored along with a row that is written anyway (note.ts).
  ALTER TABLE tail ADD COLUMN note BLOB;
  `,
  `
  -- Which attempt put the share that is this bundle's (C7). NULL: a build before attempts put it (shares.ts).
  ALTER TABLE bundles ADD COLUMN attempt BLOB;

  -- Takes the place of share_intents, in which only builds before attempts still write: that has one row a bundle, and
  -- an older build would take a row there for its own, delete nothing and forget it.
  CREATE TABLE share_attempts (
    attempt BLOB PRIMARY KEY,
    conversation BLOB NOT NULL,
    bundle BLOB NOT NULL,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- Files: uploads, blobs that messages name, and what R2 is still to be rid of (rules/upload.ts). Rows of named
  -- ones stay as long as their message.
  CREATE TABLE blobs (
    blob BLOB PRIMARY KEY,
    account BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    phase TEXT NOT NULL,
    upload TEXT,
    at INTEGER NOT NULL,
    seq INTEGER,
    message BLOB,
    due INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX blobs_seq ON blobs (seq) WHERE seq IS NOT NULL;
  CREATE INDEX blobs_due ON blobs (due) WHERE due IS NOT NULL;

  -- Parts that R2 has of an upload: the binding cannot list them.
  CREATE TABLE blob_parts (
    blob BLOB NOT NULL,
    part INTEGER NOT NULL,
    etag TEXT NOT NULL,
    PRIMARY KEY (blob, part)
  ) WITHOUT ROWID;

  -- What D1 was told of the bytes of all; NULL: it may have heard anything.
  CREATE TABLE blob_total (id INTEGER PRIMARY KEY, told INTEGER);
  `,
];

/** Eras: 1 is the first that is counted (November 2026). */
export const FORMAT: StorageFormat = { era: 1, steps: STEPS };

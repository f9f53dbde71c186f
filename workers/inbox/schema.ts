import type { StorageFormat } from "../objects/storage-version.ts";

/** A further version is one more text at the end, and only adds (decision "both ways"). */
const STEPS: readonly string[] = [
  `
  CREATE TABLE rows (
    conversation BLOB PRIMARY KEY, shard INTEGER NOT NULL, head INTEGER NOT NULL,
    last_seq INTEGER NOT NULL, last_at INTEGER NOT NULL, others INTEGER NOT NULL,
    read_seq INTEGER NOT NULL, read_others INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- K12: conversations in which a session may have sockets.
  CREATE TABLE sockets (
    session TEXT NOT NULL, conversation TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (session, conversation)
  ) WITHOUT ROWID;

  -- Bytes that the account has sent on a day, by conversation.
  CREATE TABLE spent (
    day INTEGER NOT NULL, conversation BLOB NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (day, conversation)
  ) WITHOUT ROWID;
  `,
  `
  -- K12: bound sessions as D1 had them last.
  CREATE TABLE sessions (
    session TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, device TEXT NOT NULL,
    role TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- K12: sessions that have ended; untold: the account, while D1 still has the session.
  CREATE TABLE ended (
    session TEXT PRIMARY KEY, at INTEGER NOT NULL, untold TEXT
  ) WITHOUT ROWID;
  `,
  `
  -- N1: where each device is rung. session: the one that said so, and ends it.
  CREATE TABLE subscriptions (
    device TEXT PRIMARY KEY, account TEXT NOT NULL, session TEXT NOT NULL, at INTEGER NOT NULL,
    endpoint TEXT NOT NULL, p256dh TEXT NOT NULL, auth TEXT NOT NULL,
    language TEXT NOT NULL, declarative INTEGER NOT NULL, sound INTEGER NOT NULL, origin TEXT NOT NULL
  ) WITHOUT ROWID;

  -- What the account wants of all its devices (push-settings.ts).
  CREATE TABLE push_settings (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

  -- until NULL: until it is taken back.
  CREATE TABLE mutes (conversation BLOB PRIMARY KEY, until INTEGER) WITHOUT ROWID;

  -- Pushes that wait: one for each conversation and device. since: the newest message that it is about came then.
  CREATE TABLE pushes (
    conversation BLOB NOT NULL, device TEXT NOT NULL,
    since INTEGER NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL,
    PRIMARY KEY (conversation, device)
  ) WITHOUT ROWID;
  `,
];

/** Eras: 1 is the first that is counted (November 2026). */
export const FORMAT: StorageFormat = { era: 1, steps: STEPS };

import { blob, int, nullable } from "../objects/rows.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { type PushPreferences, pushPreferences } from "../protocol/http/push.ts";
import type { Tables } from "./inbox-store.ts";

/** Bytes of the preferences; a zone's name is the longest thing in them. */
const CAP = 1024;

/** Until somebody says something else. */
const USUAL: PushPreferences = { on: true, quietHours: null };

interface Mute {
  readonly conversation: Uint8Array;
  /** null: until it is taken back */
  readonly until: number | null;
}

/** What a device is told of them. */
export interface Notifications {
  /** the asking device is rung */
  readonly subscribed: boolean;
  readonly preferences: PushPreferences;
  readonly mutes: readonly Mute[];
}

/** N1: what the account wants of all its devices. */
export class PushSettings {
  readonly #sql: SqlStorage;
  readonly #tables: Tables;

  constructor(sql: SqlStorage, tables: Tables) {
    this.#sql = sql;
    this.#tables = tables;
  }

  preferences(): PushPreferences {
    if (!this.#tables.isWritten) return USUAL;
    const rows = this.#sql.exec("SELECT value FROM push_settings WHERE key = 'preferences'").raw();
    for (const [value] of rows) return decodeCbor(blob(value), pushPreferences, CAP);
    return USUAL;
  }

  prefer(wanted: PushPreferences): void {
    this.#tables.prepare();
    const { on, quietHours } = wanted;
    this.#sql.exec(
      "INSERT OR REPLACE INTO push_settings (key, value) VALUES ('preferences', ?)",
      encodeCbor({ on, quietHours }),
    );
  }

  /** Mutes that have not ended. */
  mutes(now: number): Mute[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql
      .exec("SELECT conversation, until FROM mutes WHERE until IS NULL OR until > ?", now)
      .raw();
    return Array.from(rows, ([conversation, until]) => {
      return { conversation: blob(conversation), until: nullable(until, int) };
    });
  }

  isMuted(conversation: Uint8Array, now: number): boolean {
    if (!this.#tables.isWritten) return false;
    const found = this.#sql.exec(
      "SELECT 1 FROM mutes WHERE conversation = ? AND (until IS NULL OR until > ?)",
      conversation,
      now,
    );
    return found.toArray().length > 0;
  }

  /** Those that have ended are forgotten on the way. */
  mute({ conversation, until }: Mute, now: number): void {
    this.#tables.prepare();
    this.#sql.exec("DELETE FROM mutes WHERE until <= ?", now);
    this.#sql.exec(
      "INSERT OR REPLACE INTO mutes (conversation, until) VALUES (?, ?)",
      conversation,
      until,
    );
  }

  unmute(conversation: Uint8Array): void {
    if (!this.#tables.isWritten) return;
    this.#sql.exec("DELETE FROM mutes WHERE conversation = ?", conversation);
  }
}

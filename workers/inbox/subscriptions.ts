import * as z from "zod/mini";
import { text } from "../objects/rows.ts";
import { LIMITS } from "../protocol/limits.ts";
import { type AccountId, type DeviceId, parseAccountId, parseDeviceId } from "../protocol/ids.ts";
import { pushLanguage } from "../protocol/notifications/push-payload.ts";
import type { PushSubscriptionBody } from "../protocol/http/push.ts";
import type { Tables } from "./inbox-store.ts";

/** Where a device of the account is rung. */
export interface Subscription extends PushSubscriptionBody {
  readonly account: AccountId;
  readonly device: DeviceId;
  /** the session that registered it */
  readonly session: string;
  /** of the app, as the device was served it */
  readonly origin: string;
}

const COLUMNS =
  "device, account, session, endpoint, p256dh, auth, language, declarative, sound, origin";

const row = z.object({
  device: z.string(),
  account: z.string(),
  session: z.string(),
  endpoint: z.string(),
  p256dh: z.string(),
  auth: z.string(),
  language: pushLanguage,
  declarative: z.number(),
  sound: z.number(),
  origin: z.string(),
});

function subscriptionOf(cells: unknown): Subscription {
  const { device, account, declarative, sound, ...rest } = row.parse(cells);
  return {
    ...rest,
    device: parseDeviceId(device),
    account: parseAccountId(account),
    declarative: declarative === 1,
    sound: sound === 1,
  };
}

/** N1: at most one subscription a device, and no more than an account may have devices. */
export class Subscriptions {
  readonly #sql: SqlStorage;
  readonly #tables: Tables;

  constructor(sql: SqlStorage, tables: Tables) {
    this.#sql = sql;
    this.#tables = tables;
  }

  get(device: DeviceId): Subscription | null {
    if (!this.#tables.isWritten) return null;
    const [found] = this.#sql
      .exec(`SELECT ${COLUMNS} FROM subscriptions WHERE device = ?`, device)
      .toArray();
    return found ? subscriptionOf(found) : null;
  }

  devices(): DeviceId[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql.exec("SELECT device FROM subscriptions").raw();
    return Array.from(rows, ([device]) => parseDeviceId(text(device)));
  }

  /** Replaces the device's; of too many the one registered longest ago gives way. */
  put(subscription: Subscription, now: number): void {
    const { device, account, session, endpoint, p256dh, auth, language } = subscription;
    this.#tables.prepare();
    this.#sql.exec(
      `INSERT OR REPLACE INTO subscriptions (${COLUMNS}, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      device,
      account,
      session,
      endpoint,
      p256dh,
      auth,
      language,
      subscription.declarative ? 1 : 0,
      subscription.sound ? 1 : 0,
      subscription.origin,
      now,
    );
    const surplus = this.#sql
      .exec(
        "SELECT device FROM subscriptions ORDER BY at DESC, device = ? DESC LIMIT -1 OFFSET ?",
        device,
        LIMITS.devices,
      )
      .toArray();
    for (const old of surplus) this.delete(parseDeviceId(text(old["device"])));
  }

  /** With the pushes that wait for it. */
  delete(device: DeviceId): void {
    if (!this.#tables.isWritten) return;
    this.#sql.exec("DELETE FROM subscriptions WHERE device = ?", device);
    this.#sql.exec("DELETE FROM pushes WHERE device = ?", device);
  }

  /** Those that this session registered. */
  ofSession(session: string): DeviceId[] {
    if (!this.#tables.isWritten) return [];
    const rows = this.#sql
      .exec("SELECT device FROM subscriptions WHERE session = ?", session)
      .raw();
    return Array.from(rows, ([device]) => parseDeviceId(text(device)));
  }
}

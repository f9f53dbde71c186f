import * as z from "zod/mini";
import { base64urlOf, id16, id32, time } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { pushLanguage } from "../notifications/push-payload.ts";
import { type Endpoint, empty } from "./endpoint.ts";

/** Uncompressed P-256 point, as `pushManager.subscribe` takes it; null: this installation sends no pushes. */
export const pushKey = z.object({ publicKey: z.nullable(base64urlOf(65)) });

/** The device's one subscription (PushSubscription.toJSON, flattened); it replaces the one before. */
export const pushSubscription = z.strictObject({
  endpoint: z.string().check(z.maxLength(LIMITS.pushEndpoint)),
  p256dh: base64urlOf(65),
  auth: id16,
  language: pushLanguage,
  /** this browser shows declarative messages by itself (Safari 18.4 and later) */
  declarative: z.boolean(),
  sound: z.boolean(),
});
export type PushSubscriptionBody = z.infer<typeof pushSubscription>;

const minuteOfDay = z.int().check(z.nonnegative(), z.maximum(24 * 60 - 1));

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** No device rings from `from` to `to`, by the clock of the time zone; past midnight if `to` is before `from`. */
export const quietHours = z
  .strictObject({
    from: minuteOfDay,
    to: minuteOfDay,
    /** weekdays on which they begin, 1 (Monday) to 7; absent: every day */
    days: z.optional(
      z.array(z.int().check(z.positive(), z.maximum(7))).check(z.minLength(1), z.maxLength(7)),
    ),
    /** a name of the IANA time zone database */
    timeZone: z.string().check(z.refine(isTimeZone, "no such time zone")),
  })
  .check(z.refine(({ from, to }) => from !== to, "hours without an end"));
export type QuietHours = z.infer<typeof quietHours>;

/** Of the account: for all of its devices. */
export const pushPreferences = z.strictObject({
  on: z.boolean(),
  quietHours: z.nullable(quietHours),
});
export type PushPreferences = z.infer<typeof pushPreferences>;

/** null: until it is taken back */
export const muteRequest = z.strictObject({ until: z.nullable(time) });

export const notificationsView = z.object({
  /** the calling device has a subscription here */
  subscribed: z.boolean(),
  preferences: pushPreferences,
  /** mutes that have not ended */
  mutes: z.array(z.object({ conversation: id32, until: z.nullable(time) })),
});

/** What became of a test, as far as the server sees; `sent`: the push service took it, and it should arrive. */
export const pushTest = z.object({
  outcome: z.enum([
    /** this device has no subscription here */
    "not_subscribed",
    /** the push service will not have it, for instance because the subscription was made with another key */
    "refused",
    /** the push service no longer knows the subscription, which is removed: subscribe anew */
    "gone",
    /** the push service did not answer, or asks to wait */
    "unreachable",
    "sent",
  ]),
  /** HTTP status of the push service; null: there was no answer */
  status: z.nullable(z.int()),
});
export type PushTest = z.infer<typeof pushTest>;

/** Notifications (N1). */
export const pushEndpoints = {
  pushKey: {
    method: "GET",
    path: "/api/push/key",
    access: "device",
    limit: "read",
    result: pushKey,
  },
  subscribePush: {
    method: "PUT",
    path: "/api/push/subscription",
    access: "device",
    limit: "write",
    body: pushSubscription,
    result: empty,
  },
  unsubscribePush: {
    method: "DELETE",
    path: "/api/push/subscription",
    access: "device",
    limit: "write",
    result: empty,
  },
  testPush: {
    method: "POST",
    path: "/api/push/test",
    access: "device",
    limit: "costly",
    result: pushTest,
  },
  notifications: {
    method: "GET",
    path: "/api/notifications",
    access: "device",
    limit: "read",
    result: notificationsView,
  },
  putNotifications: {
    method: "PUT",
    path: "/api/notifications",
    access: "device",
    limit: "write",
    body: pushPreferences,
    result: empty,
  },
  mute: {
    method: "PUT",
    path: "/api/conversations/:conversation/mute",
    access: "device",
    limit: "write",
    body: muteRequest,
    result: empty,
  },
  unmute: {
    method: "DELETE",
    path: "/api/conversations/:conversation/mute",
    access: "device",
    limit: "write",
    result: empty,
  },
} as const satisfies Record<string, Endpoint>;

import { deserializeVapidKeys, sendPushNotification } from "web-push-browser";
import type { PushSubscriptionBody } from "../protocol/http/push.ts";
import { isPushService } from "../push-services.ts";
import { PUSH_LIFE_MS, type PushOutcome, outcomeOf } from "./retry.ts";
import type { Vapid } from "../vapid.ts";

/** A push service that does not answer within this time is as good as away. */
const PATIENCE_MS = 10_000;

/**
 * The library makes its request of this, and so takes on what it cannot be told: a redirect is an answer and leads
 * nowhere, and there is an end to waiting.
 */
function addressOf(endpoint: string, patienceMs: number): string {
  const request = new Request(endpoint, {
    redirect: "manual",
    signal: AbortSignal.timeout(patienceMs),
  });
  const named: unknown = Object.assign(request, { toString: () => endpoint });
  // Typed as the library has it; `new URL` and `new Request` take either.
  return named as string;
}

const importKeys = (vapid: Vapid) =>
  deserializeVapidKeys({ publicKey: vapid.publicKey, privateKey: vapid.privateKey });

/** N1; RFC 8030, 8188, 8291, 8292: encrypts the text for a device and gives it to the device's push service. Never rejects. */
export async function sendPush(
  { vapid, hosts }: { readonly vapid: Vapid; readonly hosts: readonly string[] },
  { endpoint, p256dh, auth }: Pick<PushSubscriptionBody, "endpoint" | "p256dh" | "auth">,
  text: string,
  patienceMs = PATIENCE_MS,
): Promise<PushOutcome> {
  // PUSH_HOSTS may have become shorter since it was registered.
  if (!isPushService(endpoint, hosts)) return { kind: "refused", status: null };
  const keys = await importKeys(vapid).catch(() => null);
  // The secrets are no keys: no push service is to blame.
  if (!keys) return { kind: "refused", status: null };
  try {
    const response = await sendPushNotification(
      keys,
      { endpoint: addressOf(endpoint, patienceMs), keys: { p256dh, auth } },
      vapid.email,
      text,
      { algorithm: "aes128gcm", ttl: PUSH_LIFE_MS / 1000, urgency: "high" },
    );
    await response.body?.cancel();
    return outcomeOf(response.status, response.headers.get("retry-after"), Date.now());
  } catch {
    return { kind: "unreachable", status: null, retryAfterMs: 0 };
  }
}

/** Whether these are keys that something can be encrypted to (RFC 8291 section 3.1): asked before they are kept. */
export async function areKeys(p256dh: Uint8Array): Promise<boolean> {
  try {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    await crypto.subtle.importKey("raw", p256dh, curve, false, []);
    return true;
  } catch {
    return false;
  }
}

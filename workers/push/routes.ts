import { settingsOf } from "../env.ts";
import { ownOrigin } from "../http/origin.ts";
import type { BoundCaller, Call, Handler, Routes } from "../http/route.ts";
import { inboxObject } from "../objects/objects.ts";
import { copyOf } from "../objects/session-copy.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { isPushService } from "../push-services.ts";
import { areKeys } from "./send.ts";

type Asking = { readonly env: Cloudflare.Env; readonly caller: BoundCaller };
const inboxOf = ({ env, caller }: Asking) => inboxObject(env, caller.account);

const pushKey: Handler<"pushKey"> = ({ env }) =>
  Promise.resolve({ publicKey: settingsOf(env).vapid?.publicKey ?? null });

/** N1: the address is one that somebody named, and will be called: it has to be a push service's. */
const subscribePush: Handler<"subscribePush"> = async (call) => {
  const { env, caller, body, request } = call;
  const settings = settingsOf(env);
  if (!settings.vapid) throw new ProtocolError("unavailable", "no VAPID keys");
  if (!isPushService(body.endpoint, settings.pushHosts)) {
    throw new ProtocolError("push_service_unknown");
  }
  if (!(await areKeys(fromBase64url(body.p256dh)))) throw new ProtocolError("bad_request", "keys");
  const { account, device, session } = caller;
  const origin = ownOrigin(request, settings);
  const isKept = await inboxOf(call).subscribe(copyOf(caller), {
    ...body,
    account,
    device,
    session,
    origin,
  });
  if (!isKept) throw new ProtocolError("unauthenticated");
  return {};
};

const unsubscribePush: Handler<"unsubscribePush"> = async (call) => {
  await inboxOf(call).unsubscribe(call.caller.device);
  return {};
};

const testPush: Handler<"testPush"> = (call) => inboxOf(call).testPush(call.caller.device);

const notifications: Handler<"notifications"> = async (call) => {
  const { subscribed, preferences, mutes } = await inboxOf(call).notifications(call.caller.device);
  const named = mutes.map(({ conversation, until }) => {
    return { conversation: toBase64url(conversation), until };
  });
  return { subscribed, preferences, mutes: named };
};

const putNotifications: Handler<"putNotifications"> = async (call) => {
  await inboxOf(call).prefer(call.body);
  return {};
};

async function setMute(
  call: Asking & Pick<Call<"mute">, "params">,
  until: number | null | undefined,
) {
  const conversation = fromBase64url(call.params["conversation"] ?? "");
  if (!(await inboxOf(call).mute(conversation, until))) throw new ProtocolError("not_found");
  return {};
}

const mute: Handler<"mute"> = (call) => setMute(call, call.body.until);
const unmute: Handler<"unmute"> = (call) => setMute(call, undefined);

/** Handlers of this folder (N1). */
export const routes = {
  pushKey,
  subscribePush,
  unsubscribePush,
  testPush,
  notifications,
  putNotifications,
  mute,
  unmute,
} satisfies Routes;

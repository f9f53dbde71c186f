import { conversationObject, inboxObject } from "./objects.ts";
import { addressGroup } from "../http/rate-limit.ts";
import type { BoundCaller } from "../http/route.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { ConversationId } from "../protocol/ids.ts";
import { PEER_HEADER, encodePeer, identityOf } from "./peer-identity.ts";

/** An upgrade request for an object, which learns from it whom the Worker has authenticated. */
function upgradeFor(caller: BoundCaller, request: Request, address: string): Request {
  const headers = new Headers({ upgrade: "websocket" });
  headers.set(PEER_HEADER, toBase64url(encodePeer(identityOf(caller, addressGroup(address)))));
  return new Request(request.url, { headers });
}

/** GET /ws/conversation/:conversation. Origin and session were checked. */
export async function openConversationSocket(
  env: Cloudflare.Env,
  caller: BoundCaller,
  conversation: ConversationId,
  request: Request,
  address: string,
): Promise<Response> {
  const object = conversationObject(env, conversation);
  // K12: noted before the socket exists, so that the session's end finds every conversation it may have one in.
  const inbox = inboxObject(env, caller.account);
  const isOpen = await inbox.noteSocket(caller.session, conversation);
  if (!isOpen) throw new ProtocolError("unauthenticated");
  return object.fetch(upgradeFor(caller, request, address));
}

/** GET /ws/inbox. Origin and session were checked. */
export function openInboxSocket(
  env: Cloudflare.Env,
  caller: BoundCaller,
  request: Request,
  address: string,
): Promise<Response> {
  return inboxObject(env, caller.account).fetch(upgradeFor(caller, request, address));
}

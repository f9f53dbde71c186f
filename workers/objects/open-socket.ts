import { conversationObject, inboxObject } from "./objects.ts";
import { addressGroup } from "../http/rate-limit.ts";
import type { BoundCaller } from "../http/route.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { ConversationId } from "../protocol/ids.ts";
import { PEER_HEADER, encodePeer, identityOf } from "./peer-identity.ts";
import { copyOf } from "./session-copy.ts";

/** An upgrade request for an object, which learns from it whom the Worker has authenticated. */
function upgradeFor(caller: BoundCaller, request: Request, address: string): Request {
  const headers = new Headers({ upgrade: "websocket" });
  headers.set(PEER_HEADER, toBase64url(encodePeer(identityOf(caller, addressGroup(address)))));
  return new Request(request.url, { headers });
}

/** Ends a socket that nobody was given. */
function abandon(socket: WebSocket): void {
  socket.accept();
  socket.close(CLOSE.signedOut);
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
  const response = await object.fetch(upgradeFor(caller, request, address));
  const { webSocket } = response;
  if (!webSocket) return response;
  // K12: noted once the object has accepted it, so that nobody fills the list with what is none of theirs, and before
  // it is handed out, so that the session's end finds every conversation in which it has a socket.
  const inbox = inboxObject(env, caller.account);
  const isOpen = await inbox.noteSocket(copyOf(caller), conversation).catch((error: unknown) => {
    abandon(webSocket);
    throw error;
  });
  if (isOpen) return response;
  abandon(webSocket);
  throw new ProtocolError("unauthenticated");
}

/** GET /ws/inbox. Origin and session were checked. */
export async function openInboxSocket(
  env: Cloudflare.Env,
  caller: BoundCaller,
  request: Request,
  address: string,
): Promise<Response> {
  const inbox = inboxObject(env, caller.account);
  // In one go: what the copy misses the next socket brings.
  const [response] = await Promise.all([
    inbox.fetch(upgradeFor(caller, request, address)),
    inbox.keepSession(copyOf(caller)).catch(() => undefined),
  ]);
  return response;
}

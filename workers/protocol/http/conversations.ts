import * as z from "zod/mini";
import { base64url, id32, positive, time } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { type Endpoint, empty } from "./endpoint.ts";

export const createConversation = z.strictObject({ bundleCbor: base64url(LIMITS.body) });
export const createConversationResult = z.object({ conversation: id32, seq: positive, at: time });

/** Each item is base64url of the CBOR of one log item (frames.ts). */
const items = z.array(base64url(LIMITS.body));
export const logPage = z.object({
  items,
  /** there is more in the direction asked for */
  more: z.boolean(),
});
export const frameRequest = z.strictObject({
  frames: z.array(base64url(LIMITS.frame)).check(z.minLength(1), z.maxLength(16)),
});
/** Each frame is base64url of the CBOR of one conversationDown. */
export const frameResponse = z.object({ frames: z.array(base64url(LIMITS.body)) });

/** M5: the place to be emptied, and that of the signed message of the same account that says so */
export const deletionRequest = z.strictObject({ seq: positive, deletion: positive });

export const tailsRequest = z.strictObject({
  conversations: z.array(id32).check(z.minLength(1), z.maxLength(LIMITS.tails)),
});
/** Conversations that the caller may not read are absent, and those the answer had no room for are `left`. */
export const tailsResponse = z.object({
  /** ask for these again; never all that were asked for */
  left: z.array(id32),
  tails: z.array(
    z.object({
      conversation: id32,
      /** CBOR of conversationState */
      stateCbor: base64url(LIMITS.body),
      /** every bundle to the head, and the last 20 envelopes, by seq */
      items,
    }),
  ),
});

/** Conversations by HTTP: what is asked for in pages, and the socket's frames for who has no socket. */
export const conversationEndpoints = {
  createConversation: {
    method: "POST",
    path: "/api/conversations",
    access: "device",
    limit: "costly",
    roles: ["practitioner"],
    body: createConversation,
    result: createConversationResult,
  },
  bundles: {
    method: "GET",
    path: "/api/conversations/:conversation/bundles",
    access: "device",
    limit: "read",
    query: ["from"],
    result: logPage,
  },
  log: {
    method: "GET",
    path: "/api/conversations/:conversation/log",
    access: "device",
    limit: "read",
    query: ["after", "before", "at", "limit"],
    result: logPage,
  },
  frames: {
    method: "POST",
    path: "/api/conversations/:conversation/frames",
    access: "device",
    limit: "write",
    body: frameRequest,
    result: frameResponse,
  },
  deletions: {
    method: "POST",
    path: "/api/conversations/:conversation/deletions",
    access: "device",
    limit: "write",
    body: deletionRequest,
    result: empty,
  },
  tails: {
    method: "POST",
    path: "/api/tails",
    access: "device",
    limit: "costly",
    body: tailsRequest,
    result: tailsResponse,
  },
} as const satisfies Record<string, Endpoint>;

import type { Context } from "hono";
import { settingsOf } from "../env.ts";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import type { Endpoint } from "../protocol/http/endpoint.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { readJson } from "./body.ts";
import { octetsOf } from "./octets.ts";
import { noteAnswered } from "./failure.ts";
import type { Neighbour } from "./outages.ts";
import { requireOwnOrigin } from "./origin.ts";
import { checkParams } from "./params.ts";
import { limitAccount, limitAddress } from "./rate-limit.ts";
import type { Authenticate, Call, Caller, Handler } from "./route.ts";

export type AppContext = Context<{ Bindings: Cloudflare.Env }>;

export const clientAddress = (request: Request): string =>
  request.headers.get("cf-connecting-ip") ?? "local";

/** K12: `access` and `roles` of the contract. A role that may not ask learns nothing. */
function admit(endpoint: Endpoint, caller: Caller | null): void {
  if (endpoint.access === "anonymous") return;
  if (!caller) throw new ProtocolError("unauthenticated");
  if (endpoint.access === "device" && !caller.device) throw new ProtocolError("device_required");
  if (endpoint.roles && !endpoint.roles.includes(caller.role)) throw new ProtocolError("not_found");
}

/** What must have answered for this to succeed: health answers without anybody, all else asks D1, and conversations their objects. */
function neighboursOf({ path }: Endpoint): readonly Neighbour[] {
  if (path === "/api/health") return [];
  return /^\/api\/(conversations|tails)\b/.test(path) ? ["D1", "object"] : ["D1"];
}

async function readBody(endpoint: Endpoint, request: Request): Promise<unknown> {
  if (!endpoint.body) return null;
  if (endpoint.body === "octets") return octetsOf(request);
  const parsed = endpoint.body.safeParse(await readJson(request));
  if (!parsed.success) throw new ProtocolError("bad_request", parsed.error.issues[0]?.message);
  return parsed.data;
}

/**
 * Who is asking, with every limit before the first look at D1: strangers by address, accounts by the cookie that only
 * we can have made. What anybody may read needs no look at the session.
 */
async function callerOf(
  asking: {
    readonly env: Cloudflare.Env;
    readonly request: Request;
    readonly headers: Headers;
    readonly now: number;
  },
  name: EndpointName,
  authenticate: Authenticate,
): Promise<Caller | null> {
  const { env, request } = asking;
  const endpoint: Endpoint = ENDPOINTS[name];
  const claimed = authenticate.claimed(env, request);
  if (endpoint.access === "anonymous") {
    await limitAddress(env, endpoint.limit, name, clientAddress(request));
    if (endpoint.method === "GET") return null;
  } else if (claimed) {
    await limitAccount(env, endpoint.limit, claimed.account);
  }
  return claimed && authenticate.find(asking, claimed);
}

/** The one way to a handler: origin, rate, session, access, ids, body; in this order. */
export async function serve<Name extends EndpointName>(
  context: AppContext,
  name: Name,
  handler: Handler<Name>,
  authenticate: Authenticate,
): Promise<Response> {
  const endpoint: Endpoint = ENDPOINTS[name];
  const { env } = context;
  const request = context.req.raw;
  const settings = settingsOf(env);
  const now = Date.now();
  const address = clientAddress(request);
  if (endpoint.method !== "GET") requireOwnOrigin(request, settings);
  const headers = new Headers();
  const caller = await callerOf({ env, request, headers, now }, name, authenticate);
  admit(endpoint, caller);
  const params = context.req.param();
  checkParams(params);
  const body = await readBody(endpoint, request);
  const query = context.req.query();
  const defer = (work: Promise<unknown>) => context.executionCtx.waitUntil(work);
  const call = { env, caller, params, query, body, request, now, address, headers, defer };
  // The one place where a request becomes a typed call: caller and body were checked against ENDPOINTS[name] above.
  const result = await handler(call as unknown as Call<Name>);
  noteAnswered(neighboursOf(endpoint), Date.now());
  if (!(result instanceof Response)) return Response.json(result, { headers });
  for (const [header, value] of headers) result.headers.append(header, value);
  return result;
}

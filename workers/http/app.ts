import { Hono } from "hono";
import { routePath } from "hono/route";
import { settingsOf } from "../env.ts";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { type ConversationId, parseConversationId } from "../protocol/ids.ts";
import { refusalOf, refusalResponse } from "./failure.ts";
import { openApiDocument } from "./openapi.ts";
import { requireOwnOrigin } from "./origin.ts";
import { limitAccount } from "./rate-limit.ts";
import type { Authenticate, BoundCaller, Handler, Routes, UpgradeCall, Upgrades } from "./route.ts";
import { withSecurityHeaders } from "./security-headers.ts";
import { type AppContext, serve } from "./serve.ts";

/** Every endpoint of the contract with its handler. */
export type AllRoutes = { readonly [Name in EndpointName]: Handler<Name> };

/** What the folders hand in, so that each can be tested alone. */
export interface Parts {
  readonly routes: AllRoutes;
  readonly upgrades: Upgrades;
  readonly authenticate: Authenticate;
}

export type App = Hono<{ Bindings: Cloudflare.Env }>;

const isName = (name: string): name is EndpointName => name in ENDPOINTS;
const NAMES: readonly EndpointName[] = Object.keys(ENDPOINTS).filter(isName);

function register<Name extends EndpointName>(
  app: App,
  name: Name,
  { routes, authenticate }: Parts,
): void {
  const { method, path } = ENDPOINTS[name];
  app.on(method, path, (context) => serve(context, name, routes[name], authenticate));
}

async function upgradeCall(context: AppContext, authenticate: Authenticate): Promise<UpgradeCall> {
  const { env } = context;
  const request = context.req.raw;
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new ProtocolError("not_found", "not an upgrade");
  }
  requireOwnOrigin(request, settingsOf(env));
  const claimed = authenticate.claimed(env, request);
  if (!claimed) throw new ProtocolError("unauthenticated");
  await limitAccount(env, "read", claimed.account);
  const asking = { env, request, headers: new Headers(), now: Date.now() };
  const caller = await authenticate.find(asking, claimed);
  if (!caller) throw new ProtocolError("unauthenticated");
  const { device } = caller;
  if (!device) throw new ProtocolError("device_required");
  const bound: BoundCaller = { ...caller, device };
  return { env, caller: bound, request };
}

function pathConversation(text: string | undefined): ConversationId {
  try {
    return parseConversationId(text ?? "");
  } catch {
    throw new ProtocolError("not_found", "conversation");
  }
}

/** Paths of the application are one page; assets and everything else exist or do not. */
async function page(context: AppContext): Promise<Response> {
  const url = new URL(context.req.url);
  const isPage = !/^\/(api|ws|assets)(\/|$)/.test(url.pathname);
  if (!isPage || !["GET", "HEAD"].includes(context.req.method))
    throw new ProtocolError("not_found");
  const response = await context.env.ASSETS.fetch(new Request(new URL("/", url)));
  return new Response(response.body, response);
}

/** The Worker's HTTP face. */
export function createApp(parts: Parts): App {
  const { upgrades, authenticate } = parts;
  const app: App = new Hono();
  // Before everything that sets headers: the answer to an upgrade cannot be changed.
  app.get("/ws/inbox", async (context) => upgrades.inbox(await upgradeCall(context, authenticate)));
  app.get("/ws/conversation/:conversation", async (context) => {
    const call = await upgradeCall(context, authenticate);
    const conversation = pathConversation(context.req.param("conversation"));
    return upgrades.conversation({ ...call, conversation });
  });
  app.use("/api/*", async (context, next) => {
    await next();
    withSecurityHeaders(context.res);
    // Cloudflare names the time in every answer, the local runtime does not. Clients that run ahead go by it.
    context.res.headers.set("date", new Date().toUTCString());
  });
  app.get("/api/openapi.json", (context) => context.json(openApiDocument()));
  for (const name of NAMES) register(app, name, parts);
  app.notFound(page);
  app.onError((error, context) => {
    const refusal = refusalOf(error, `${context.req.method} ${routePath(context)}`);
    return withSecurityHeaders(refusalResponse(refusal));
  });
  return app;
}

/** Merges the folders' routes. Throws if an endpoint has no handler. */
export function mergeRoutes(...folders: readonly Routes[]): AllRoutes {
  const merged: Routes = Object.assign({}, ...folders);
  const missing = NAMES.filter((name) => merged[name] === undefined);
  if (missing.length > 0) throw new TypeError(`no handler for ${missing.join(", ")}`);
  return merged as AllRoutes;
}

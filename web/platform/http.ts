import type * as z from "zod/mini";
import { APP_ENDPOINTS, type AppEndpointName } from "../../workers/protocol/http/app-endpoints.ts";
import type { Endpoint } from "../../workers/protocol/http/endpoint.ts";
import { ProtocolError, errorBody } from "../../workers/protocol/errors.ts";
import { CoreError } from "../core/errors.ts";
import type { Clock } from "./clock.ts";
import { PlatformError } from "./problem.ts";
import { type Json, readJson } from "./read-capped.ts";

type Definition<Name extends AppEndpointName> = (typeof APP_ENDPOINTS)[Name];
/** What is asked and answered in JSON; bytes of files go another way. */
export type JsonEndpointName = {
  [Name in AppEndpointName]: "octets" extends
    | Definition<Name>["result"]
    | (Definition<Name> extends { readonly body: infer Body } ? Body : never)
    ? never
    : Name;
}[AppEndpointName];
type BodyOf<Name extends JsonEndpointName> =
  Definition<Name> extends { readonly body: infer Schema extends z.ZodMiniType }
    ? z.input<Schema>
    : undefined;
export type ResultOf<Name extends JsonEndpointName> = z.infer<Definition<Name>["result"]>;

export interface Request_<Name extends JsonEndpointName> {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: BodyOf<Name>;
}

/** The HTTP contract as typed calls. */
export interface Api {
  /**
   * Throws ProtocolError with the server's refusal, PlatformError `offline` when nothing answered, CoreError
   * `unbounded` for an answer that is larger than any can be.
   */
  call<Name extends JsonEndpointName>(
    name: Name,
    request?: Request_<Name>,
  ): Promise<ResultOf<Name>>;
}

const TIMEOUT_MS = 30_000;
/** Bytes of one answer: pages have two megabytes of bytes, written in base64url. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A tail has all bundles of its conversation, and the first one goes whatever its size (K13). */
const MOST_OF_TAILS = 64 * 1024 * 1024;
const MOST_OF_REFUSAL = 64 * 1024;

function urlOf(endpoint: Endpoint, request: Request_<JsonEndpointName>): string {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = request.params?.[name];
    if (value === undefined) throw new TypeError(`${endpoint.path} needs ${name}`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

async function refusalOf(response: Response): Promise<ProtocolError> {
  const body = await readJson(response, MOST_OF_REFUSAL).catch(() => null);
  const parsed = errorBody.safeParse(body === "too-large" ? null : body?.value);
  if (parsed.success) {
    return new ProtocolError(parsed.data.error, undefined, parsed.data.retryAfterMs);
  }
  // A proxy or a Worker that is starting answers without our body.
  return new ProtocolError(response.status >= 500 ? "unavailable" : "bad_request");
}

async function answerOf(
  endpoint: Endpoint,
  request: Request_<JsonEndpointName>,
  clock: Clock,
): Promise<unknown> {
  let response: Response;
  let body: Json | null = null;
  try {
    response = await fetch(urlOf(endpoint, request), {
      method: endpoint.method,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(request.body === undefined
        ? {}
        : {
            headers: { "content-type": "application/json" },
            body: JSON.stringify(request.body),
          }),
    });
    clock.heard(response.headers.get("date"));
    if (response.ok) {
      const isTails = endpoint.path === APP_ENDPOINTS.tails.path;
      body = await readJson(response, isTails ? MOST_OF_TAILS : MOST_BYTES);
    }
  } catch (cause) {
    throw new PlatformError("offline", cause);
  }
  if (body === null) throw await refusalOf(response);
  if (body === "too-large") throw new CoreError("unbounded", `answer of ${endpoint.path}`);
  return body.value;
}

/** Answers are parsed by the contract's schemas: the server is outside data too. `clock` is told their time. */
export function createApi(clock: Clock): Api {
  return {
    async call(name, request = {}) {
      const endpoint: Endpoint = APP_ENDPOINTS[name];
      const schema: z.ZodMiniType = APP_ENDPOINTS[name].result;
      const parsed = schema.safeParse(await answerOf(endpoint, request, clock));
      if (!parsed.success) throw new ProtocolError("internal", `answer of ${name}`);
      // The schema that parsed it is this endpoint's own; the table loses that in the lookup.
      return parsed.data as ResultOf<typeof name>;
    },
  };
}

import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type * as z from "zod/mini";
import worker from "../index.ts";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import type { Endpoint, Octets } from "../protocol/http/endpoint.ts";
import { type ErrorBody, type ErrorCode, errorBody } from "../protocol/errors.ts";
import type { ResultOf } from "./route.ts";

export interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** of what is answered in bytes */
  readonly bytes: Uint8Array | null;
  /** null if refused or bytes; checked against the contract otherwise */
  readonly result: T | null;
  readonly refusal: ErrorBody | null;
  /** "ok" or the code of the refusal */
  readonly outcome: ErrorCode | "ok";
}

let addresses = 0;

const bodyOf = (body: unknown): Uint8Array<ArrayBuffer> | string =>
  body instanceof Uint8Array ? new Uint8Array(body) : (JSON.stringify(body) ?? "");

/** As HTTP says them of a body of bytes. */
const octetHeaders = (body: unknown): Record<string, string> => ({
  "content-type": "application/octet-stream",
  "content-length": String(new Blob([bodyOf(body)]).size),
});

/** In the documentation prefix (RFC 3849), a /64 each: tests do not use up each other's rate. */
function newAddress(): string {
  addresses += 1;
  return `2001:db8:${(addresses >> 16).toString(16)}:${(addresses & 0xffff).toString(16)}::1`;
}

/** A browser at one address: keeps its cookie, sends its Origin, holds every answer to the contract. */
export class Browser {
  /** name=value */
  cookie: string | null = null;
  /** bindings and variables that the Worker has otherwise when it answers this browser */
  around: Partial<Record<keyof Cloudflare.Env, unknown>> = {};
  #address = newAddress();

  constructor(readonly origin = "https://thyme.test") {}

  /** From here on at another address. */
  move(): void {
    this.#address = newAddress();
  }

  request(
    name: EndpointName,
    { params = {}, query = {}, body, headers = {} }: Asked = {},
  ): Request {
    const endpoint: Endpoint = ENDPOINTS[name];
    const path = endpoint.path.replaceAll(/:(\w+)/g, (_, key: string) =>
      encodeURIComponent(params[key] ?? ""),
    );
    const url = new URL(path, this.origin);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    return new Request(url, {
      method: endpoint.method,
      headers: {
        "cf-connecting-ip": this.#address,
        ...(endpoint.method === "GET" ? {} : { origin: this.origin }),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(endpoint.body === "octets" ? octetHeaders(body) : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: bodyOf(body) }),
    });
  }

  async call<Name extends EndpointName>(
    name: Name,
    asked?: Asked,
  ): Promise<Answer<ResultOf<Name>>> {
    const context = createExecutionContext();
    // Not through `exports`: there every request costs more than the one before, in a hundred requests tenfold.
    // A test's request has no properties of Cloudflare's edge; nothing reads them.
    const request = this.request(name, asked) as Parameters<typeof worker.fetch>[0];
    const around = { ...env, ...this.around } as Cloudflare.Env;
    const response = await worker.fetch(request, around, context);
    await waitOnExecutionContext(context);
    this.#keepCookie(response.headers.get("set-cookie"));
    const { status, headers } = response;
    const schema: z.ZodMiniType | Octets = ENDPOINTS[name].result;
    if (schema === "octets" && response.ok) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { status, headers, text: "", bytes, result: null, refusal: null, outcome: "ok" };
    }
    const text = await response.text();
    if (schema !== "octets" && status === 200) {
      // The type of what this schema accepts, which Name's indirection hides.
      const result = schema.parse(JSON.parse(text)) as ResultOf<Name>;
      return { status, headers, text, bytes: null, result, refusal: null, outcome: "ok" };
    }
    const refusal = errorBody.parse(JSON.parse(text));
    return { status, headers, text, bytes: null, result: null, refusal, outcome: refusal.error };
  }

  /** For what must succeed. */
  async get<Name extends EndpointName>(name: Name, asked?: Asked): Promise<ResultOf<Name>> {
    const { result, outcome } = await this.call(name, asked);
    if (result === null) throw new Error(`${name}: ${outcome}`);
    return result;
  }

  async outcome(name: EndpointName, asked?: Asked): Promise<ErrorCode | "ok"> {
    return (await this.call(name, asked)).outcome;
  }

  #keepCookie(header: string | null): void {
    if (header === null) return;
    const pair = header.split(";")[0] ?? "";
    this.cookie = pair.endsWith("=") ? null : pair;
  }
}

import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { type Edit, edit, edited, extraQuery } from "../../workers/http/mutation.test-kit.ts";
import { possibleParam } from "../../workers/http/params.test-kit.ts";
import { toBase64url } from "../../workers/protocol/bytes.ts";
import { ERRORS, errorBody } from "../../workers/protocol/errors.ts";
import type { Endpoint } from "../../workers/protocol/http/endpoint.ts";
import { ENDPOINTS } from "../../workers/protocol/http/endpoints.ts";
import type { Attacker } from "./person-by-http.ts";
import type { Tally } from "./tally.ts";

const PATIENCE_MS = 30_000;

/** Null, but once in so many. */
const onceIn = <T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const mutation = fc.record({
  endpoint: fc.constantFrom<readonly [string, Endpoint]>(...Object.entries(ENDPOINTS)),
  body: fc.array(edit, { maxLength: 3 }),
  /** instead of JSON */
  raw: onceIn(10, fc.oneof(fc.string({ maxLength: 80 }), fc.uint8Array({ maxLength: 80 }))),
  params: onceIn(4, edit),
  query: onceIn(3, extraQuery),
  cookie: onceIn(6, edit),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

/** Bodies that are good, or nearly: the others were asked with on the attacker's own way in. */
function bodyFor({ path }: Endpoint, { bodies, genesis }: Attacker): unknown {
  const conversation = toBase64url(genesis.core.conversation);
  const known = new Map<string, unknown>([
    ["/api/conversations/:conversation/frames", { frames: ["oWF0Y2J5ZQ"] }],
    ["/api/conversations/:conversation/deletions", { seq: 1, deletion: 2 }],
    [
      "/api/conversations/:conversation/uploads",
      { blob: toBase64url(randomBytes(16)), bytes: 1_000 },
    ],
    ["/api/tails", { conversations: [conversation] }],
    ["/api/private/:key", { version: 0, value: "AAAA" }],
    ["/api/invitations/:invite/claim", { signature: toBase64url(randomBytes(64)) }],
    ["/api/operator/after-restore", { pass: "none", after: null }],
  ]);
  return known.get(path) ?? bodies.get(path) ?? {};
}

const textOf = (value: unknown, by: Edit | null): string =>
  by === null ? String(value) : String(edited(value, by)).slice(0, 2_000);

/** In a header a line break or a letter beyond Latin-1 never leaves this machine. */
const headerText = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, "?");

function requestOf(origin: string, attacker: Attacker, asked: Mutation): [URL, RequestInit] {
  const [name, endpoint] = asked.endpoint;
  const known = new Map([
    ["conversation", toBase64url(attacker.genesis.core.conversation)],
    ["account", toBase64url(attacker.author.account.id)],
  ]);
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, key: string) => {
    const id = known.get(key) ?? possibleParam(key, randomBytes);
    // Dots alone would be another path before they are sent.
    return encodeURIComponent(textOf(id, asked.params).replaceAll(".", "_")).replaceAll("'", "%27");
  });
  const url = new URL(path, origin);
  if (asked.query) url.searchParams.set(asked.query[0], String(asked.query[1]).slice(0, 2_000));
  // A session that is ended, which is what these are for, would end the attack.
  const isOwn = name !== "endSession" && name !== "revokeSession";
  const cookie = isOwn ? headerText(textOf(attacker.cookie, asked.cookie)) : "";
  const { method } = endpoint;
  const value = asked.body.reduce(edited, bodyFor(endpoint, attacker));
  const body = asked.raw === null ? JSON.stringify(value) : asked.raw;
  const type = endpoint.body === "octets" ? "application/octet-stream" : "application/json";
  const headers = { origin, cookie, "content-type": type };
  if (method === "GET") return [url, { headers }];
  return [url, { method, headers, body: typeof body === "string" ? body : new Uint8Array(body) }];
}

/** Null: as the contract has it. */
async function complaintOf(answer: Response, endpoint: Endpoint, tally: Tally) {
  const text = await answer.text();
  if (answer.status >= 500) return `${answer.status} ${text}`;
  const value: unknown = JSON.parse(text);
  if (answer.status === 200) {
    tally.note("ok");
    const schema = endpoint.result;
    // Bytes need a file that a message names, and an attacker has none.
    if (schema === "octets") return "200 with bytes";
    return schema.safeParse(value).success ? null : `200 with ${text.slice(0, 200)}`;
  }
  const refusal = errorBody.safeParse(value);
  if (!refusal.success) return `${answer.status} with ${text.slice(0, 200)}`;
  const { error } = refusal.data;
  tally.note(error);
  return ERRORS[error].status === answer.status ? null : `${error} as ${answer.status}`;
}

/** Mutated requests for every route of the contract, each of which the contract has an answer to. */
export async function attackByRequests(
  origin: string,
  attacker: Attacker,
  seed: number,
  count: number,
  tally: Tally,
): Promise<void> {
  for (const asked of fc.sample(mutation, { seed, numRuns: count })) {
    const [name, endpoint] = asked.endpoint;
    const [url, init] = requestOf(origin, attacker, asked);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const ask = () => fetch(url, { ...init, signal, redirect: "manual" });
    // workerd ends a connection whose request it has refused without reading it all; one that rested is lost by that.
    const complaint = await ask()
      .catch(ask)
      .then((answer) => complaintOf(answer, endpoint, tally))
      .catch(
        (error: unknown) =>
          `no answer: ${String(error instanceof Error ? (error.cause ?? error) : error)}`,
      );
    if (complaint === null) continue;
    const body = typeof init.body === "string" ? init.body.slice(0, 300) : "";
    tally.wrong(`${name} ${url.pathname}${url.search} ${body}: ${complaint}`);
  }
}

import * as z from "zod/mini";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import type { Endpoint, Octets } from "../protocol/http/endpoint.ts";
import { ERRORS, errorBody } from "../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { SUMMARIES } from "./summaries.ts";

type Json = Readonly<Record<string, unknown>>;

const schemaOf = (schema: z.ZodMiniType, io: "input" | "output"): Json => ({
  ...z.toJSONSchema(schema, { target: "draft-2020-12", io }),
});

const content = (schema: Json): Json => ({ "application/json": { schema } });

const OCTETS: Json = {
  "application/octet-stream": { schema: { type: "string", format: "binary" } },
};

const contentOf = (body: z.ZodMiniType | Octets, io: "input" | "output"): Json =>
  body === "octets" ? OCTETS : content(schemaOf(body, io));

/** What succeeds: bytes may be a range of them. */
function successes({ result }: Endpoint): Json {
  const done = { description: "Done", content: contentOf(result, "output") };
  if (result !== "octets") return { "200": done };
  return { "200": done, "206": { ...done, description: "The range that was asked for" } };
}

const parameter = (place: "path" | "query", name: string): Json => ({
  name,
  in: place,
  required: place === "path",
  schema: { type: "string" },
});

/** Refusals that any endpoint may answer with; each names its codes. */
function refusals(): Json {
  const codes = Map.groupBy(Object.entries(ERRORS), ([, { status }]) => status);
  return Object.fromEntries(
    [...codes].map(([status, rules]) => [
      String(status),
      {
        description: rules.map(([code]) => code).join(", "),
        content: content({ $ref: "#/components/schemas/Refusal" }),
      },
    ]),
  );
}

function operation(name: EndpointName, endpoint: Endpoint): Json {
  const params = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, param = ""]) => param);
  const isOpen = endpoint.access === "anonymous";
  return {
    operationId: name,
    summary: SUMMARIES[name],
    ...(endpoint.roles ? { "x-roles": endpoint.roles } : {}),
    "x-access": endpoint.access,
    security: isOpen ? [] : [{ session: [] }],
    parameters: [
      ...params.map((param) => parameter("path", param)),
      ...(endpoint.query ?? []).map((param) => parameter("query", param)),
    ],
    ...(endpoint.body
      ? { requestBody: { required: true, content: contentOf(endpoint.body, "input") } }
      : {}),
    responses: {
      ...successes(endpoint),
      ...refusals(),
    },
  };
}

/** OpenAPI 3.1, made of the contract itself so that it cannot disagree with it. */
export function openApiDocument(): Json {
  // The table's own names, which Object.entries forgets.
  const names = Object.keys(ENDPOINTS) as EndpointName[];
  const endpoints = names.map((name): [EndpointName, Endpoint] => [name, ENDPOINTS[name]]);
  const byPath = Map.groupBy(endpoints, ([, { path }]) => path.replaceAll(/:(\w+)/g, "{$1}"));
  const paths = [...byPath].map(([path, group]) => [
    path,
    Object.fromEntries(group.map(([name, it]) => [it.method.toLowerCase(), operation(name, it)])),
  ]);
  return {
    openapi: "3.1.0",
    info: { title: "Thyme", version: String(PROTOCOL_VERSION) },
    paths: Object.fromEntries(paths),
    components: {
      schemas: { Refusal: schemaOf(errorBody, "output") },
      securitySchemes: { session: { type: "apiKey", in: "cookie", name: "__Host-thyme" } },
    },
  };
}

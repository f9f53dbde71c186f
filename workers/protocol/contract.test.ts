import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { bundleCore, bundleDelivery, bundleUpload } from "./bundle.ts";
import { CLOSE } from "./close-codes.ts";
import type { Endpoint, Octets } from "./http/endpoint.ts";
import { ENDPOINTS } from "./http/endpoints.ts";
import { envelope, envelopeHeader } from "./envelope.ts";
import { ERRORS, errorBody } from "./errors.ts";
import { conversationDown, conversationUp, inboxDown, inboxUp, logItem } from "./frames.ts";
import { PURPOSES } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { accountSeals, manifestCore, signedManifest } from "./manifest.ts";
import { receipt, receiptHeader } from "./receipt.ts";
import { PROTOCOL_VERSION } from "./version.ts";

/**
 * SHA-256 over everything that goes over the wire, by protocol version. A change of the contract fails here:
 * raise PROTOCOL_VERSION and pin the new hash; before the first release, pin the hash alone.
 */
const PINNED = new Map([[1, "92c1cc9287fb76504eed489cb871506f2d7c8cb19418f9fc750280f2895e8b2c"]]);

/** JSON Schema knows no byte strings: they are told apart by how they refuse a long one. */
const LONG = new Uint8Array(4 * 1024 * 1024);

const jsonSchema = (schema: z.ZodMiniType | Octets) =>
  schema === "octets" ? schema : schemaOf(schema);

const schemaOf = (schema: z.ZodMiniType) =>
  z.toJSONSchema(schema, {
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema: out }) => {
      if (zodSchema._zod.def.type !== "custom") return;
      const issues = z.safeParse(zodSchema, LONG).error?.issues ?? [];
      out.description = issues.map((issue) => issue.message).join();
    },
  });

const contract = () => ({
  endpoints: Object.entries(ENDPOINTS).map(([name, endpoint]) => ({
    ...endpoint,
    name,
    body: "body" in endpoint ? jsonSchema(endpoint.body) : null,
    result: jsonSchema(endpoint.result),
  })),
  frames: [conversationUp, conversationDown, inboxUp, inboxDown, logItem].map(schemaOf),
  signed: [manifestCore, bundleCore, envelopeHeader, receiptHeader].map(schemaOf),
  carried: [signedManifest, accountSeals, bundleUpload, bundleDelivery, envelope, receipt].map(
    schemaOf,
  ),
  errors: [ERRORS, schemaOf(errorBody)],
  close: CLOSE,
  purposes: PURPOSES,
  limits: LIMITS,
});

test("E4 the contract changes only together with its pinned hash", () => {
  const hash = bytesToHex(sha256(utf8ToBytes(JSON.stringify(contract()))));
  expect(hash).toBe(PINNED.get(PROTOCOL_VERSION));
});

test("E4 the hash sees the size of a byte string", () => {
  const text = JSON.stringify(contract());
  for (const size of ["expected 32 bytes", `expected at most ${LIMITS.envelope} bytes`]) {
    expect(text).toContain(size);
  }
});

test("every path and method is served once, and every path is under /api/", () => {
  const served = Object.values(ENDPOINTS).map(({ method, path }) => `${method} ${path}`);
  expect(new Set(served).size).toBe(served.length);
  expect(Object.values(ENDPOINTS).every(({ path }) => path.startsWith("/api/"))).toBe(true);
});

test("a GET has no body, and whoever is restricted to roles has a device", () => {
  for (const endpoint of Object.values(ENDPOINTS)) {
    if (endpoint.method === "GET") expect(endpoint).not.toHaveProperty("body");
    if ("roles" in endpoint) expect(endpoint.access).toBe("device");
  }
});

test("every route declares how often it may be called: strangers by address, accounts by account", () => {
  for (const [name, { access, limit }] of Object.entries(ENDPOINTS)) {
    const known = access === "anonymous" ? ["attempt", "address"] : ["read", "write", "costly"];
    expect(known, name).toContain(limit);
  }
  const route = { method: "GET", path: "/api/x", result: errorBody } as const;
  const declared: Endpoint = { ...route, access: "device", limit: "read" };
  // @ts-expect-error -- a route without a limit is none
  const undeclared: Endpoint = { ...route, access: "device" };
  // @ts-expect-error -- nor is one that limits accounts as if they were addresses
  const mixed: Endpoint = { ...route, access: "device", limit: "attempt" };
  expect([declared, undeclared, mixed]).toHaveLength(3);
});

test("every refusal says what to do next", () => {
  expect(Object.entries(ERRORS).filter(([, rule]) => !rule.remedy || rule.status < 400)).toEqual(
    [],
  );
  expect(Object.values(CLOSE).every((code) => code >= 4000 && code < 5000)).toBe(true);
});

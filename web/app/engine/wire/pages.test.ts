import { C1 } from "../../ids.test-kit.ts";
import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import type { Api } from "../../../platform/http.ts";
import { fetchBundles } from "./bundle-pages.ts";
import { fetchManifests } from "./manifest-pages.ts";

/** Gives answers of two entries each, as a server with very small answers would. */
function paged(entries: readonly string[], first: number) {
  const asked: number[] = [];
  const call = (name: string, request?: { query?: Record<string, unknown> }) => {
    const from = Number(request?.query?.["from"]);
    asked.push(from);
    const start = from - first;
    const part = entries.slice(start, start + 2);
    const more = start + part.length < entries.length;
    return Promise.resolve({ [name === "bundles" ? "items" : "manifests"]: part, more });
  };
  // Each test asks for one endpoint only, whose answer this is.
  return { api: { call } as unknown as Api, asked };
}

test("K5: a manifest chain is read to its end, however many answers it takes", async () => {
  const chain = Array.from({ length: 5 }, (_, i) => ({
    core: new Uint8Array([i]),
    signature: new Uint8Array(64),
  }));
  const { api, asked } = paged(
    chain.map((signed) => toBase64url(encodeCbor(signed))),
    1,
  );
  expect(await fetchManifests(api, { own: true }, 1)).toEqual(chain);
  expect(asked).toEqual([1, 3, 5]);
});

test("C2: a chain of bundles is read to its head, however many answers it takes", async () => {
  const items: LogItem[] = Array.from({ length: 4 }, (_, n) => ({
    seq: n + 1,
    at: n,
    bundle: {
      core: new Uint8Array([n]),
      signature: new Uint8Array(64),
      inviteSignature: null,
      seals: [],
      grants: [],
      share: null,
    },
  }));
  const { api, asked } = paged(
    items.map((item) => toBase64url(encodeCbor(item))),
    0,
  );
  expect(await fetchBundles(api, C1, 1)).toEqual(items.slice(1));
  expect(asked).toEqual([1, 3]);
});

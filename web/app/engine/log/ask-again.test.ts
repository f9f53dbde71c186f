import fc from "fast-check";
import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { conversationNamed } from "../../ids.test-kit.ts";
import { hasPlace, withPlaces } from "../conversation/place-ranges.ts";
import { scriptedApi } from "../device.test-kit.ts";
import { fetchMissed } from "./ask-again.ts";

const id = conversationNamed("c1");

/** A server that has an item at each of these places. */
function serverWith(seqs: readonly number[]) {
  let asked = 0;
  const api = scriptedApi({
    log: (_, { after, limit }) => {
      asked += 1;
      const page = seqs.filter((seq) => seq > Number(after)).slice(0, Number(limit));
      const items = page.map((seq) => ({ seq, at: seq, envelope: new Uint8Array([seq % 256]) }));
      return { items: items.map((item) => toBase64url(encodeCbor(item))), more: false };
    },
  });
  return { api, asked: () => asked };
}

test("M6 eight pages a contact at most, and every missed place that the server has comes within as many as it takes", async () => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 40 }))
    .map(([from, more]) => ({ from, to: from + more }));
  const had = fc.uniqueArray(fc.integer({ min: 1, max: 3100 }), { maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(range, { minLength: 1, maxLength: 40 }),
      had,
      async (ranges, some) => {
        const missed = withPlaces([], ranges);
        const seqs = some.toSorted((a, b) => a - b);
        const came = new Set<number>();
        let at = 0;
        for (let contact = 0; contact < 400; contact++) {
          const { api, asked } = serverWith(seqs);
          const { items, next } = await fetchMissed(api, id, missed, at);
          expect(asked()).toBeLessThanOrEqual(8);
          for (const { seq } of items) came.add(seq);
          at = next;
          if (next === 0) break;
        }
        expect([...came].sort((a, b) => a - b)).toEqual(
          seqs.filter((seq) => hasPlace(missed, seq)),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test("M6 where nothing is missed nothing is asked", async () => {
  const { api, asked } = serverWith([1, 2, 3]);
  expect(await fetchMissed(api, id, [], 0)).toEqual({ items: [], next: 0 });
  expect(asked()).toBe(0);
});

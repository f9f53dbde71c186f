import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { EMPTY_PLACES, checkPlaces } from "../../../core/sync/places.ts";
import { privateKeys, privateName } from "../../../core/private-state/keys.ts";
import { sealPrivateRecord } from "../../../core/private-state/records.ts";
import { newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import type { Api } from "../../../platform/http.ts";
import { C1 } from "../../ids.test-kit.ts";
import { loadPrivateRecords } from "../private/private-records.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { fetchBundles } from "../wire/bundle-pages.ts";
import { fetchLogPage } from "../wire/log-pages.ts";
import { fetchManifests } from "../wire/manifest-pages.ts";

const FAR = 2 ** 40;
const unbounded = { code: "unbounded" };

/** Answers every call by `answer`, and counts them: whoever asks on and on would ask for ever. */
function answering(answer: (query: Record<string, unknown>, asked: number) => unknown) {
  let asked = 0;
  const call = (_: string, request?: { query?: Record<string, unknown> }) => {
    asked += 1;
    if (asked > 40_000) throw new Error("asked for ever");
    return Promise.resolve(answer(request?.query ?? {}, asked));
  };
  return { api: { call } as unknown as Api, asked: () => asked };
}

const bundleAt = (seq: number): LogItem => ({
  seq,
  at: seq,
  bundle: {
    core: new Uint8Array([seq & 255, (seq >> 8) & 255]),
    signature: new Uint8Array(64),
    inviteSignature: null,
    seals: [],
    grants: [],
    share: null,
  },
});
const envelopeAt = (seq: number): LogItem => ({ seq, at: seq, envelope: new Uint8Array(3) });
const textOf = (item: unknown): string => toBase64url(encodeCbor(item));
const manifestOf = (version: number) => ({
  core: new Uint8Array([version & 255, version >> 8]),
  signature: new Uint8Array(64),
});

/** Chains by pages: their answers, and what brings all of a chain. */
const CHAINS = [
  [
    "bundles",
    (numbers: readonly number[], more: boolean) => ({
      items: numbers.map((n) => textOf(bundleAt(n + 1))),
      more,
    }),
    async (api: Api) => (await fetchBundles(api, C1, 0)).length,
  ],
  [
    "manifests",
    (numbers: readonly number[], more: boolean) => ({
      manifests: numbers.map((n) => textOf(manifestOf(n))),
      more,
    }),
    async (api: Api) => (await fetchManifests(api, { own: true }, 0)).length,
  ],
] as const;

test.each(CHAINS)(
  "E1 a server that always says that there are more %s is refused: with nothing, the same, or ever more",
  async (_, page, fetchAll) => {
    const nothing = answering(() => page([], true));
    await expect(fetchAll(nothing.api)).rejects.toMatchObject(unbounded);
    expect(nothing.asked()).toBe(1);
    const same = answering(() => page([0, 1], true));
    await expect(fetchAll(same.api)).rejects.toMatchObject(unbounded);
    expect(same.asked()).toBe(2);
    const ever = answering(({ from }) =>
      page(
        [...Array(100).keys()].map((i) => Number(from) + i),
        true,
      ),
    );
    await expect(fetchAll(ever.api)).rejects.toMatchObject(unbounded);
    // An honest chain that takes as many answers comes whole (positive control).
    const length = 4_000;
    const honest = answering(({ from }) => {
      const first = Number(from);
      const numbers = [...Array(Math.min(100, length - first)).keys()].map((i) => first + i);
      return page(numbers, first + numbers.length < length);
    });
    expect(await fetchAll(honest.api)).toBe(length);
    expect(honest.asked()).toBe(40);
  },
);

test("M6 a page of the log holds what was asked for and nothing else", async () => {
  const ask = (question: Parameters<typeof fetchLogPage>[2], seqs: readonly number[]) =>
    fetchLogPage(
      answering(() => ({ items: seqs.map((seq) => textOf(envelopeAt(seq))), more: true })).api,
      C1,
      question,
    );
  const bad: readonly (readonly [Parameters<typeof fetchLogPage>[2], readonly number[]])[] = [
    [{ after: 10 }, [FAR]],
    [{ after: 10 }, [10]],
    [{ after: 10 }, [12, 11]],
    [{ after: 10 }, [11, 11]],
    [{ after: 10 }, [11 + LIMITS.itemsPerPage]],
    [{ before: FAR }, [3]],
    [{ before: FAR }, [FAR]],
    [{ before: 10 }, Array<number>(LIMITS.itemsPerPage + 1).fill(9)],
  ];
  for (const [question, seqs] of bad) {
    await expect(ask(question, seqs)).rejects.toMatchObject(unbounded);
  }
  // Whole pages, and pages with holes, are honest ones (positive control).
  const whole = [...Array(LIMITS.itemsPerPage).keys()].map((i) => i + 11);
  for (const [question, seqs] of [
    [{ after: 10 }, whole],
    [{ after: 10 }, [13, 17]],
    [{ before: 11 + LIMITS.itemsPerPage }, whole],
    [{ before: 12 }, [3]],
    [{ before: 12 }, []],
  ] as const) {
    const page = await ask(question, seqs);
    expect(page.items.map(({ seq }) => seq)).toEqual([...seqs]);
  }
});

test("M6 places that leave more out than any log does are refused", () => {
  const next = EMPTY_PLACES + 1;
  for (const places of [
    [0, FAR],
    [0, 1, next + 2],
    [5, 4],
    [0, 1, FAR, FAR + 1],
  ]) {
    expect(() => checkPlaces(places)).toThrow("unbounded");
  }
  for (const places of [[], [FAR], [0, next], [0, 1, 2, 90_000, 90_019], [3, 3]])
    checkPlaces(places);
});

test("K9 private records without end are refused, and those of an account that is full come", async () => {
  const suite = seededSuite("endless records");
  const person = await newPerson(suite);
  const keys = privateKeys(person.account, person.prepared.userKeys);
  // 32 bytes in base64url, in the order in which a server shows them: that of their text.
  const nameAt = (i: number) => `${String(i).padStart(42, "0")}A`;
  const garbage = (i: number) => ({ key: nameAt(i), version: 1, value: "AAAA" });
  const records = async (answer: Parameters<typeof answering>[0]) => {
    const { api, asked } = answering(answer);
    const deps = { api, suite, store: memoryStore(), now: () => 0 } as unknown as Deps;
    const kept = await loadPrivateRecords(deps, keys);
    return { kept, asked };
  };
  const numberIn = (after: unknown) =>
    typeof after === "string" ? Number(after.slice(0, -1)) + 1 : 0;
  const pageFrom = (first: number, count: number) =>
    [...Array(count).keys()].map((i) => garbage(first + i));

  for (const [answer, most] of [
    [() => ({ records: [], next: nameAt(7) }), 1],
    [() => ({ records: pageFrom(0, 2), next: nameAt(1) }), 2],
    [
      ({ after }: Record<string, unknown>) => {
        const first = numberIn(after);
        return { records: pageFrom(first, 200), next: nameAt(first + 199) };
      },
      21,
    ],
  ] as const) {
    const { kept, asked } = await records(answer);
    await expect(kept.sync()).rejects.toMatchObject(unbounded);
    expect(asked()).toBeLessThanOrEqual(most);
  }
  // As many as an account may have (positive control): all are looked at, and the one that opens is held.
  const record = {
    kind: "pin" as const,
    account: person.account,
    version: 3,
    hash: new Uint8Array(32),
  };
  const sealed = sealPrivateRecord(suite.random, keys, record, 0);
  const mine = {
    key: toBase64url(privateName(keys, ["pin", person.account])),
    version: 1,
    value: toBase64url(sealed.value),
  };
  const all = [...pageFrom(0, LIMITS.privateRecords - 1), mine].sort((a, b) =>
    a.key < b.key ? -1 : 1,
  );
  const { kept, asked } = await records(({ after }) => {
    const first = after === undefined ? 0 : all.findIndex(({ key }) => key === after) + 1;
    const page = all.slice(first, first + 200);
    return { records: page, next: first + 200 < all.length ? page.at(-1)?.key : null };
  });
  expect(await kept.sync()).toBe(LIMITS.privateRecords - 1);
  expect(kept.pinOf(person.account)?.version).toBe(3);
  expect(asked()).toBe(LIMITS.privateRecords / 200);
});

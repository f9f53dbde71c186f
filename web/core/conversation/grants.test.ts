import { expect, test } from "vitest";
import { type InviteKeys, inviteKeys, newInviteSecret, pendingEntry } from "../invitation/keys.ts";
import {
  NOW,
  authorOf,
  codeOf,
  contextOf,
  deliver,
  newestOf,
  readerOf,
} from "../people.test-kit.ts";
import { applyBundles, forged, inviteReader, newCare } from "./care.test-kit.ts";
import { acceptBuilt, inviteToConversation } from "./changes.ts";
import type { Conversation, Epoch } from "./state.ts";
import { applyBundle } from "./verify.ts";
import { seal } from "../crypto/seal.ts";
import { sealHash } from "../../../workers/protocol/bundle.ts";

const { suite, owner, patient, created, joined, together } = await newCare("grants");
const keys = inviteKeys(newInviteSecret(suite.random));
const invite = (state: Conversation, to: InviteKeys) =>
  inviteToConversation(
    suite,
    authorOf(owner),
    state,
    newestOf(patient),
    pendingEntry(to, NOW),
    NOW,
  );
const ranges = (built: Awaited<ReturnType<typeof invite>>) =>
  built.checked.core.grants.map(({ from, to }) => [from, to]);
const first = await invite(together, keys);
const without = (state: Conversation, n: number): Conversation => ({
  ...state,
  epochs: new Map([...state.epochs].filter(([at]) => at !== n)),
});

test("I2, I5 earlier keys are granted as one run, and each opens", async () => {
  expect(ranges(first)).toEqual([[0, 1]]);
  const state = await applyBundles(
    contextOf(owner, patient),
    null,
    [created, joined, first].map(({ upload }) => deliver(upload, keys.id)),
    inviteReader(keys),
  );
  const secrets = [0, 1, 2].map((n) => state.epochs.get(n)?.secret);
  expect(secrets).toEqual([created, joined, first].map(({ epoch }) => epoch.secret));
});

test("I2, C7 where a key is not held, the runs leave it out", async () => {
  expect(ranges(await invite(without(together, 0), keys))).toEqual([[1, 1]]);
  const three = acceptBuilt(together, first);
  const other = inviteKeys(newInviteSecret(suite.random));
  expect(ranges(await invite(without(three, 1), other))).toEqual([
    [0, 0],
    [2, 2],
  ]);
  const empty: ReadonlyMap<number, Epoch> = new Map();
  expect(ranges(await invite({ ...three, epochs: empty }, other))).toEqual([]);
});

test("C5 granted keys are checked against their bundles' commitments", async () => {
  const open = async (plaintext: Uint8Array) => {
    const context = [together.id, 0, 1, keys.id, 0] as const;
    const sealed = seal(suite.random, keys.kem.publicKey, "seal/grant", context, plaintext);
    const honest = deliver(first.upload, keys.id);
    const delivery = await forged(owner, honest, (core) => ({
      ...core,
      grants: core.grants.map((grant) => ({ ...grant, hash: sealHash(sealed) })),
    }));
    const grants = delivery.grants.map((grant) => ({ ...grant, seal: sealed }));
    return codeOf(() =>
      applyBundle(contextOf(owner, patient), together, { ...delivery, grants }, inviteReader(keys)),
    );
  };
  const [a, b] = [created.epoch.key, joined.epoch.key];
  if (!a || !b) throw new RangeError("no keys");
  expect(await open(Uint8Array.from([...a, ...b]))).toBe("none");
  expect(await open(Uint8Array.from([...b, ...a]))).toBe("bundle_refused");
  expect(await open(a)).toBe("bundle_refused");
  expect(await open(Uint8Array.from([...a, ...b, 0]))).toBe("bundle_refused");
});

test("E6 a grant that the core does not name, or for another, is not opened", async () => {
  const honest = deliver(first.upload, keys.id);
  const apply = (delivery: typeof honest, reader = inviteReader(keys)) =>
    applyBundle(contextOf(owner, patient), together, delivery, reader);
  const swapped = honest.grants.map((grant) => ({
    ...grant,
    seal: first.upload.seals[0] ?? new Uint8Array(),
  }));
  expect(await codeOf(() => apply({ ...honest, grants: swapped }))).toBe("bundle_refused");
  const moved = honest.grants.map((grant) => ({ ...grant, to: 0 }));
  expect(await codeOf(() => apply({ ...honest, grants: moved }))).toBe("bundle_refused");
  expect(await codeOf(() => apply(honest, readerOf(owner)))).toBe("none");
});

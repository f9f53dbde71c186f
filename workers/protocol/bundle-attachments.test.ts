import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { checkAttachments } from "./bundle-rules.ts";
import {
  type TestBundle,
  authorOf,
  createBundle,
  inviteBundle,
  joinBundle,
  makeInvite,
} from "./bundle.test-kit.ts";
import { keyCommitOf } from "./bundle.ts";
import { makeAccount } from "./manifest.test-kit.ts";
import { refusalIn } from "./refusal.test-kit.ts";

const owner = authorOf(makeAccount());
const invite = makeInvite();
const invited = inviteBundle(owner, createBundle(owner), invite);
const joined = joinBundle(authorOf(makeAccount()), invited, invite);
const REFUSED = "bundle_refused";

describe("C2 C7 what stands beside the core", () => {
  const check = (change: Partial<TestBundle["upload"]>, bundle = joined) =>
    refusalIn(() => checkAttachments(bundle.core, { ...bundle.upload, ...change }));
  const { seals, grants } = joined.upload;

  test("C2 seals and grants are those of the core, in its order", () => {
    expect(check({})).toBeNull();
    expect(check({ seals: seals.toReversed() })).toBe(REFUSED);
    expect(check({ seals: seals.slice(1) })).toBe(REFUSED);
    expect(check({ seals: [...seals, randomBytes(8)] })).toBe(REFUSED);
    expect(check({ grants: [] })).toBe(REFUSED);
    expect(check({ grants: grants.map(() => randomBytes(1168)) })).toBe(REFUSED);
  });

  test("C7 the share is the one committed to", () => {
    expect(check({ share: randomBytes(32) })).toBe(REFUSED);
  });

  test("I3 a join carries the invite key's signature, and nothing else does", () => {
    expect(check({ inviteSignature: null })).toBe(REFUSED);
    expect(check({}, invited)).toBeNull();
    expect(check({ inviteSignature: new Uint8Array(64) }, invited)).toBe(REFUSED);
  });

  test("C2 keyCommit depends on conversation, n and key", () => {
    const { conversation, n, keyCommit } = joined.core;
    expect(keyCommitOf(conversation, n, joined.epochKey)).toEqual(keyCommit);
    expect(keyCommitOf(conversation, n + 1, joined.epochKey)).not.toEqual(keyCommit);
    expect(keyCommitOf(randomBytes(32), n, joined.epochKey)).not.toEqual(keyCommit);
  });
});

import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { checkBundle } from "./bundle-rules.ts";
import {
  authorOf,
  createBundle,
  inviteBundle,
  joinBundle,
  makeInvite,
  resealed,
  rosterEntry,
} from "./bundle.test-kit.ts";
import type { TestBundle } from "./bundle.test-kit.ts";
import type { BundleCore } from "./bundle.ts";
import { conversationIdOf } from "./ids.ts";
import { makeAccount } from "./manifest.test-kit.ts";
import { refusalIn } from "./refusal.test-kit.ts";

const owner = authorOf(makeAccount());
const patient = authorOf(makeAccount());
const stranger = authorOf(makeAccount());
const invite = makeInvite();
const invited = inviteBundle(owner, createBundle(owner), invite);
const joined = joinBundle(patient, invited, invite);
const REFUSED = "bundle_refused";
type Alter = (core: BundleCore) => BundleCore;

const outcome = (bundle: TestBundle) => refusalIn(() => checkBundle(bundle.coreBytes, null));

const create = (alter: Alter) => outcome(createBundle(owner, [], alter));

describe("C1 bundle 0", () => {
  test("C1 the id is of owner and nonce", () => {
    expect(create((core) => ({ ...core, conversation: randomBytes(32) }))).toBe(REFUSED);
    const nonce = randomBytes(32);
    const theirs = conversationIdOf(stranger.account.id, nonce);
    const change = { kind: "create", nonce } as const;
    expect(create((core) => ({ ...core, change, conversation: theirs }))).toBe(REFUSED);
    const own = conversationIdOf(owner.account.id, nonce);
    expect(create((core) => ({ ...core, change, conversation: own }))).toBeNull();
  });

  test("C4 its roster is the owner alone", () => {
    const roster = [rosterEntry(owner.account, "member")];
    expect(create((core) => resealed({ ...core, roster }))).toBe(REFUSED);
    const two = [rosterEntry(owner.account, "owner"), rosterEntry(patient.account, "member")];
    expect(create((core) => resealed({ ...core, roster: two }))).toBe(REFUSED);
    const other = [rosterEntry(stranger.account, "owner")];
    expect(create((core) => resealed({ ...core, roster: other }))).toBe(REFUSED);
    expect(create((core) => ({ ...core, roster: [] }))).toBe("bad_request");
  });

  test("C3 it has no predecessor, grants nothing, and nothing but create begins", () => {
    expect(create((core) => ({ ...core, prev: randomBytes(32) }))).toBe(REFUSED);
    expect(create((core) => ({ ...core, n: 1 }))).toBe(REFUSED);
    const { grants } = joined.core;
    expect(create((core) => ({ ...core, grants: [...grants] }))).toBe(REFUSED);
    expect(outcome(invited)).toBe(REFUSED);
    expect(create((core) => ({ ...core, change: invited.core.change }))).toBe(REFUSED);
  });
});

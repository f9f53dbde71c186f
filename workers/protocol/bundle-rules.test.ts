import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { findMember, findPending, inviteOf, ownerOf } from "./bundle-entries.ts";
import { type CheckedBundle, checkBundle } from "./bundle-rules.ts";
import {
  type TestBundle,
  authorOf,
  createBundle,
  inviteBundle,
  joinBundle,
  makeInvite,
  resealed,
  rosterEntry,
  withdrawBundle,
} from "./bundle.test-kit.ts";
import { type BundleCore, bundleHash } from "./bundle.ts";
import { makeAccount, succeed } from "./manifest.test-kit.ts";
import { refusalIn } from "./refusal.test-kit.ts";

const owner = authorOf(makeAccount());
const patient = authorOf(makeAccount());
const stranger = authorOf(makeAccount());
const invite = makeInvite();
const another = makeInvite();
const REFUSED = "bundle_refused";

const outcome = (bundle: TestBundle, before: CheckedBundle | null = null) =>
  refusalIn(() => checkBundle(bundle.coreBytes, before));

type Alter = (core: BundleCore) => BundleCore;
const genesis = createBundle(owner);
const invited = inviteBundle(owner, genesis, invite);
const both = inviteBundle(owner, invited, another);
const joined = joinBundle(patient, invited, invite);

describe("C4 positive controls: each change by its author", () => {
  test.each([
    ["create", genesis, null],
    ["create with an invitation", createBundle(owner, [invite]), null],
    ["invite", invited, genesis],
    ["a second invitation", both, invited],
    ["withdraw", withdrawBundle(owner, both, invite), both],
    ["join", joined, invited],
    ["join while another is invited", joinBundle(patient, both, invite), both],
    ["invite after a join", inviteBundle(owner, joined, another), joined],
  ])("C4 %s", (_, bundle, before) => {
    expect(outcome(bundle, before)).toBeNull();
    expect(checkBundle(bundle.coreBytes, before).hash).toEqual(bundleHash(bundle.coreBytes));
  });

  test("C2 the roster says who is who", () => {
    expect(ownerOf(joined.core).account).toEqual(owner.account.id);
    expect(findMember(joined.core, patient.account.id)?.role).toBe("member");
    expect(findMember(joined.core, stranger.account.id)).toBeUndefined();
    expect(findPending(invited.core, invite.id)).toEqual(invite.entry);
    expect(findPending(joined.core, invite.id)).toBeUndefined();
    expect(refusalIn(() => ownerOf({ ...joined.core, roster: [] }))).toBe(REFUSED);
  });
});

const reinvite = (alter: Alter, before = invited) =>
  outcome(inviteBundle(owner, before, another, alter), before);

describe("C3 one order", () => {
  test("C3 n and prev are those of the head", () => {
    expect(reinvite((core) => ({ ...core, n: 3 }))).toBe(REFUSED);
    expect(reinvite((core) => ({ ...core, n: 1 }))).toBe(REFUSED);
    expect(reinvite((core) => ({ ...core, prev: genesis.hash }))).toBe(REFUSED);
    expect(reinvite((core) => ({ ...core, prev: null }))).toBe(REFUSED);
    expect(outcome(invited, invited)).toBe(REFUSED);
  });

  test("C3 C5 a bundle that follows another core of the same n is refused", () => {
    const fork = inviteBundle(owner, genesis, invite, (core) => ({ ...core, time: 2_000 }));
    expect(outcome(both, fork)).toBe(REFUSED);
  });

  test("C3 the conversation stays", () => {
    expect(reinvite((core) => ({ ...core, conversation: randomBytes(32) }))).toBe(REFUSED);
  });

  test("C4 create happens once", () => {
    const { change } = genesis.core;
    expect(reinvite((core) => ({ ...core, change }))).toBe(REFUSED);
  });
});

describe("C4 invite and withdraw", () => {
  test("C4 the owner's alone", () => {
    expect(outcome(inviteBundle(patient, joined, another), joined)).toBe(REFUSED);
    expect(outcome(inviteBundle(stranger, joined, another), joined)).toBe(REFUSED);
    const before = joinBundle(patient, both, invite);
    expect(outcome(withdrawBundle(patient, before, another), before)).toBe(REFUSED);
    expect(outcome(withdrawBundle(owner, before, another), before)).toBeNull();
  });

  test("C4 nothing else changes", () => {
    const more = [...invited.core.roster, rosterEntry(stranger.account, "member")];
    expect(reinvite((core) => resealed({ ...core, roster: more }))).toBe(REFUSED);
    expect(reinvite((core) => resealed({ ...core, pending: [another.entry] }))).toBe(REFUSED);
    const third = [...both.core.pending, makeInvite().entry];
    expect(reinvite((core) => resealed({ ...core, pending: third }))).toBe(REFUSED);
    const fewer = joined.core.roster.filter(({ role }) => role === "owner");
    expect(reinvite((core) => resealed({ ...core, roster: fewer }), joined)).toBe(REFUSED);
  });

  test("C4 a change names the invitation it makes or ends", () => {
    const change = { kind: "invite", invite: randomBytes(16) } as const;
    expect(reinvite((core) => ({ ...core, change }))).toBe(REFUSED);
    expect(outcome(inviteBundle(owner, invited, invite), invited)).toBe(REFUSED);
    expect(outcome(withdrawBundle(owner, invited, another), invited)).toBe(REFUSED);
  });

  test("I1 a pending entry is not altered by a later bundle", () => {
    const swap = (entry: typeof invite.entry) =>
      reinvite((core) => resealed({ ...core, pending: [entry, another.entry] }));
    expect(swap(invite.entry)).toBeNull();
    expect(swap({ ...invite.entry, expiry: invite.entry.expiry + 1 })).toBe(REFUSED);
    expect(swap({ ...invite.entry, kemPub: another.entry.kemPub })).toBe(REFUSED);
  });

  test("E7 keys of pending entries must be admissible", () => {
    const small = makeInvite();
    small.entry.kemPub.fill(255);
    expect(outcome(inviteBundle(owner, genesis, small), genesis)).toBe(REFUSED);
    const signPub = new Uint8Array(32).fill(1, 0, 1);
    const entry = { ...invite.entry, signPub };
    const ofSmallOrder = { ...invite, id: inviteOf(entry), entry };
    expect(outcome(inviteBundle(owner, genesis, ofSmallOrder), genesis)).toBe(REFUSED);
  });
});

const join = (alter: Alter, author = patient, before = invited) =>
  outcome(joinBundle(author, before, invite, alter), before);

describe("C4 I3 join", () => {
  test("I3 single use: the entry is gone afterwards", () => {
    expect(outcome(joinBundle(stranger, joined, invite), joined)).toBe(REFUSED);
    const withdrawn = withdrawBundle(owner, invited, invite);
    expect(outcome(joinBundle(patient, withdrawn, invite), withdrawn)).toBe(REFUSED);
    expect(join((core) => resealed({ ...core, pending: invited.core.pending }))).toBe(REFUSED);
  });

  test("C4 the joiner adds itself, as what it was invited", () => {
    const [first] = invited.core.roster;
    const as = (entry: BundleCore["roster"][number]) =>
      join((core) => resealed({ ...core, roster: first ? [first, entry] : [] }));
    expect(as(rosterEntry(patient.account, "member"))).toBeNull();
    expect(as(rosterEntry(stranger.account, "member"))).toBe(REFUSED);
    expect(as(rosterEntry(patient.account, "owner"))).toBe(REFUSED);
    expect(join((core) => resealed({ ...core, roster: invited.core.roster }))).toBe(REFUSED);
  });

  test("C4 a member does not join again", () => {
    const before = inviteBundle(owner, joined, another);
    expect(outcome(joinBundle(patient, before, another), before)).toBe(REFUSED);
    expect(outcome(joinBundle(stranger, before, another), before)).toBeNull();
  });

  test("I4 T1 no core is older than the one it follows: a join dated 1 is refused", () => {
    const before = invited.core.time;
    expect(join((core) => ({ ...core, time: before }))).toBeNull();
    expect(join((core) => ({ ...core, time: before - 1 }))).toBe(REFUSED);
    expect(join((core) => ({ ...core, time: 1 }))).toBe(REFUSED);
  });

  test("I4 not after expiry", () => {
    const { expiry } = invite.entry;
    expect(join((core) => ({ ...core, time: expiry }))).toBeNull();
    expect(join((core) => ({ ...core, time: expiry + 1 }))).toBe(REFUSED);
  });

  test("I5 grants go to the joiner only, over earlier epochs only", () => {
    const grant = (change: Partial<BundleCore["grants"][number]>) =>
      join((core) => ({ ...core, grants: core.grants.map((it) => ({ ...it, ...change })) }));
    expect(grant({})).toBeNull();
    expect(grant({ recipient: stranger.account.id })).toBe(REFUSED);
    expect(grant({ from: 1, to: 0 })).toBe(REFUSED);
    expect(grant({ to: 2 })).toBe(REFUSED);
    expect(grant({ to: 99 })).toBe(REFUSED);
    expect(grant({ generation: 0 })).toBe(REFUSED);
  });

  test("C4 a withdrawal grants nothing", () => {
    const { grants } = both.core;
    const greedy = withdrawBundle(owner, both, invite, (core) => ({ ...core, grants }));
    expect(outcome(greedy, both)).toBe(REFUSED);
  });
});

describe("C2 recipients of seals are exactly roster and pending", () => {
  const seals = (alter: (seals: BundleCore["seals"]) => BundleCore["seals"]) =>
    reinvite((core) => ({ ...core, seals: alter(core.seals) }));

  test("C2 none is left out, none is added, none is twice", () => {
    expect(seals((list) => list)).toBeNull();
    expect(seals((list) => list.slice(1))).toBe(REFUSED);
    const ghost = { recipient: stranger.account.id, generation: 1, hash: randomBytes(32) };
    expect(seals((list) => [...list, ghost])).toBe(REFUSED);
    expect(seals((list) => [...list, ...list.slice(0, 1)])).toBe(REFUSED);
    expect(seals((list) => [ghost, ...list.slice(1)])).toBe(REFUSED);
  });

  test("C2 generation 0 for pending entries, and only for them", () => {
    expect(seals((list) => list.map((seal) => ({ ...seal, generation: 1 })))).toBe(REFUSED);
    expect(seals((list) => list.map((seal) => ({ ...seal, generation: 0 })))).toBe(REFUSED);
  });
});

test("C8 versions never fall along the chain", () => {
  const newer = authorOf(succeed(succeed(owner.account)));
  const roster = [rosterEntry(newer.account, "owner")];
  const risen = inviteBundle(newer, genesis, invite, (core) => ({ ...core, roster }));
  expect(outcome(risen, genesis)).toBeNull();
  const fallen = inviteBundle(owner, risen, another, (core) => ({
    ...core,
    roster: [rosterEntry(owner.account, "owner")],
  }));
  expect(outcome(fallen, risen)).toBe(REFUSED);
});

test("C8 the author acts by the version of its account that the roster names", () => {
  const newer = authorOf(succeed(succeed(owner.account)));
  const roster = [rosterEntry(newer.account, "owner")];
  const byOlder = inviteBundle(owner, genesis, invite, (core) => ({ ...core, roster }));
  expect(outcome(byOlder, genesis)).toBe(REFUSED);
  const byNamed = inviteBundle(newer, genesis, invite, (core) => ({ ...core, roster }));
  expect(outcome(byNamed, genesis)).toBeNull();
});

test("C8 K6 a version names one manifest", () => {
  const roster = genesis.core.roster.map((entry) => ({
    ...entry,
    manifest: { ...entry.manifest, hash: randomBytes(32) },
  }));
  const forked = inviteBundle(owner, genesis, invite, (core) => ({ ...core, roster }));
  expect(outcome(forked, genesis)).toBe(REFUSED);
});

test("C4 one owner", () => {
  const roster = joined.core.roster.map((entry) => ({ ...entry, role: "owner" as const }));
  expect(join((core) => resealed({ ...core, roster }))).toBe(REFUSED);
});

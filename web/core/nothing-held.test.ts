import { expect, test } from "vitest";
import { headOf, restoreHistory } from "./account/history.ts";
import { makeSeals } from "./account/seals.ts";
import { newCare } from "./conversation/care.test-kit.ts";
import { checkInvitation } from "./conversation/join-checks.ts";
import { headBundle, isMember, restoreConversation } from "./conversation/state.ts";
import { codeOf, unlockedOf } from "./people.test-kit.ts";

const { owner, patient, invite, alone, together, suite } = await newCare("nothing held");
const empty = { ...alone, bundles: [] };

test("what holds nothing has no head, and is no chain that could be restored", async () => {
  const history = { account: owner.account, manifests: [] };
  expect(await codeOf(() => headOf(history))).toBe("manifest_refused");
  expect(await codeOf(() => restoreHistory([]))).toBe("manifest_refused");
  expect(await codeOf(() => headBundle(empty))).toBe("bundle_gap");
  expect(await codeOf(() => restoreConversation([], new Map()))).toBe("bundle_gap");
});

test("I3 an invitation is checked against a conversation that begins with bundle 0", async () => {
  const check = (state: typeof alone) =>
    codeOf(() => checkInvitation(state, owner.account, invite));
  expect(await check(alone)).toBe("none");
  expect(await check(empty)).toBe("bundle_gap");
  const later = { ...together, bundles: together.bundles.slice(1) };
  expect(await check(later)).toBe("bundle_gap");
});

test("I3 an invitation by somebody else, or with another key, is no invitation", async () => {
  const check = (inviter: Uint8Array, keys = invite, state = alone) =>
    codeOf(() => checkInvitation(state, inviter, keys));
  expect(await check(patient.account)).toBe("invitation_mismatch");
  expect(await check(owner.account, { ...invite, kem: patient.device.kem })).toBe(
    "invitation_mismatch",
  );
  expect(await check(owner.account, invite, together)).toBe("invitation_mismatch");
});

test("C2 who is in the roster of the head is a member, and nobody else", () => {
  expect(isMember(alone, patient.account)).toBe(false);
  expect(isMember(together, patient.account)).toBe(true);
});

test("K5 there are no seals without a user key", async () => {
  const { core } = headOf(owner.history);
  const make = () => makeSeals(suite.random, core, { ...unlockedOf(owner), userKeys: [] });
  expect(await codeOf(make)).toBe("seals_refused");
});

import { describe, expect, test } from "vitest";
import { checkAttachments } from "../../../workers/protocol/bundle-rules.ts";
import { keyCommitOf, shareCommitOf } from "../../../workers/protocol/bundle.ts";
import { conversationIdOf } from "../../../workers/protocol/ids.ts";
import { newDevice } from "../account/device.ts";
import { headOf } from "../account/history.ts";
import { checkInvitation, verificationOf } from "./join-checks.ts";
import { inviteKeys, newInviteSecret, pendingEntry } from "../invitation/keys.ts";
import {
  NOW,
  type Person,
  authorOf,
  changed,
  codeOf,
  contextOf,
  deliver,
  newPerson,
  newestOf,
  readerOf,
} from "../people.test-kit.ts";
import { applyBundles, inviteReader, newCare } from "./care.test-kit.ts";
import {
  acceptBuilt,
  createConversation,
  inviteToConversation,
  joinConversation,
  withdrawInvitation,
} from "./changes.ts";
import { epochSecretOf, headBundle, isMember, ownerAccount, restoreConversation } from "./state.ts";

const care = await newCare("conversation");
const { suite, owner, patient, invite, created, joined, alone, together } = care;
const asOwner = contextOf(owner, patient);
const asPatient = contextOf(patient, owner);

describe("making a conversation", () => {
  test("C1 its id is of the owner and the nonce that bundle 0 carries", () => {
    const { change } = created.checked.core;
    if (change.kind !== "create") throw new RangeError("not a create");
    expect(alone.id).toEqual(conversationIdOf(owner.account, change.nonce));
    expect(ownerAccount(alone)).toEqual(owner.account);
  });

  test("C2, C7 what is uploaded is what the core names", () => {
    expect(() => checkAttachments(created.checked.core, created.upload)).not.toThrow();
    expect(() => checkAttachments(joined.checked.core, joined.upload)).not.toThrow();
  });

  test("C2 commitments are of this epoch's key and share", () => {
    const { core } = created.checked;
    const { key, share } = created.epoch;
    if (!key || !share) throw new RangeError("no key");
    expect(core.keyCommit).toEqual(keyCommitOf(alone.id, 0, key));
    expect(core.shareCommit).toEqual(shareCommitOf(alone.id, 0, share));
  });

  test("C7 the epoch secret needs key and share, conversation and n; it is 64 bytes", () => {
    const [key, share] = [suite.random.bytes(32), suite.random.bytes(32)];
    const secret = epochSecretOf(alone.id, 0, key, share);
    expect(secret.length).toBe(64);
    for (const other of [
      epochSecretOf(alone.id, 0, key, key),
      epochSecretOf(alone.id, 0, share, share),
      epochSecretOf(alone.id, 1, key, share),
      epochSecretOf(owner.account, 0, key, share),
    ]) {
      expect(other).not.toEqual(secret);
    }
  });

  test("K3 epoch keys go to accounts, never to devices: a new device reads without a bundle", async () => {
    const two = await changed(suite, patient, { addDevice: newDevice(suite.random) });
    const deliveries = [deliver(created.upload, two.account), deliver(joined.upload, two.account)];
    const state = await applyBundles(contextOf(two, owner), null, deliveries, readerOf(two));
    expect([...state.epochs.values()].map(({ secret }) => secret)).toEqual(
      [...together.epochs.values()].map(({ secret }) => secret),
    );
  });
});

describe("joining", () => {
  test("I2, I5 the joiner reads from bundle 0 by the invitation, then by its account", async () => {
    const byInvite = await applyBundles(
      asPatient,
      null,
      [deliver(created.upload, invite.id)],
      inviteReader(invite),
    );
    expect(byInvite.epochs.get(0)?.secret).toEqual(created.epoch.secret);
    const after = await applyBundles(
      asPatient,
      null,
      [deliver(created.upload, patient.account), deliver(joined.upload, patient.account)],
      readerOf(patient),
    );
    expect(after.epochs.get(0)?.secret).toEqual(created.epoch.secret);
    expect(after.epochs.get(1)?.secret).toEqual(joined.epoch.secret);
    expect(acceptBuilt(byInvite, joined).epochs.get(1)).toEqual(joined.epoch);
  });

  test("I3 the head no longer has the entry: a second join cannot be built", async () => {
    expect(headBundle(together).core.pending).toEqual([]);
    expect(isMember(together, patient.account)).toBe(true);
    const third = await newPerson(suite);
    const again = joinConversation(
      suite,
      authorOf(third),
      together,
      newestOf(owner, patient),
      invite,
      NOW,
    );
    expect(await codeOf(() => again)).toBe("not_allowed");
    const twice = joinConversation(suite, authorOf(owner), alone, newestOf(), invite, NOW);
    expect(await codeOf(() => twice)).toBe("not_allowed");
  });

  test("I3 the joiner requires that the genesis owner is the inviter, and its entry in the head", async () => {
    expect(checkInvitation(alone, owner.account, invite)).toEqual(pendingEntry(invite, NOW));
    const check = (inviter: Uint8Array, keys = invite, state = alone) =>
      codeOf(() => checkInvitation(state, inviter, keys));
    expect(await check(patient.account)).toBe("invitation_mismatch");
    expect(await check(owner.account, inviteKeys(newInviteSecret(suite.random)))).toBe(
      "invitation_mismatch",
    );
    const otherKem = { ...invite, kem: inviteKeys(newInviteSecret(suite.random)).kem };
    expect(await check(owner.account, otherKem)).toBe("invitation_mismatch");
    expect(await check(owner.account, invite, together)).toBe("invitation_mismatch");
    const partial = { ...alone, bundles: together.bundles.slice(1) };
    expect(await check(owner.account, invite, partial)).toBe("bundle_gap");
  });

  test("I3 both sides know how the other was verified", () => {
    expect(verificationOf(alone, owner.account)).toBe("waiting");
    expect(verificationOf(together, owner.account)).toBe("by-your-invitation");
    expect(verificationOf(together, patient.account)).toBe("by-their-invitation");
    // Whoever is shown a conversation of others is verified by nothing in it.
    expect(verificationOf(together, new Uint8Array(32).fill(9))).toBe("waiting");
  });
});

describe("inviting again and withdrawing", async () => {
  const keys = inviteKeys(newInviteSecret(suite.random));
  const empty = acceptBuilt(null, await createConversation(suite, authorOf(owner), [], NOW));
  const entry = pendingEntry(keys, NOW);
  const invited = await inviteToConversation(suite, authorOf(owner), empty, newestOf(), entry, NOW);
  const withInvite = acceptBuilt(empty, invited);

  test("C4 invite: the entry is pending and is granted the earlier keys (I2)", async () => {
    expect(headBundle(withInvite).core.pending).toEqual([entry]);
    expect(headBundle(withInvite).core.grants.map(({ from, to }) => [from, to])).toEqual([[0, 0]]);
    const first = { ...headBundle(empty), hash: headBundle(empty).hash };
    expect(first.core.n).toBe(0);
  });

  test("C4, I4 withdraw: nothing is pending any more", async () => {
    const gone = await withdrawInvitation(
      suite,
      authorOf(owner),
      withInvite,
      newestOf(),
      keys.id,
      NOW,
    );
    expect(headBundle(acceptBuilt(withInvite, gone)).core.pending).toEqual([]);
    expect(gone.checked.core.seals.map(({ recipient }) => recipient)).toEqual([owner.account]);
  });

  test("C4 only the owner invites; what the table forbids is not even built", async () => {
    const byPatient = inviteToConversation(
      suite,
      authorOf(patient),
      together,
      newestOf(owner),
      entry,
      NOW,
    );
    expect(await codeOf(() => byPatient)).toContain("bundle_refused");
  });

  test("C8 a bundle is built on the newest manifests; with less it is not built", async () => {
    const two = await changed(suite, patient, { addDevice: newDevice(suite.random) });
    const build = (...held: Person[]) =>
      inviteToConversation(suite, authorOf(owner), together, newestOf(...held), entry, NOW);
    const { core } = (await build(two)).checked;
    expect(core.roster[1]?.manifest.version).toBe(headOf(two.history).core.version);
    expect(await codeOf(() => build())).toBe("manifest_needed");
  });
});

describe("a bundle on its way", () => {
  test("A2 an own bundle is only accepted onto the head that it was built on", async () => {
    expect(acceptBuilt(alone, joined).bundles.length).toBe(2);
    expect(await codeOf(() => acceptBuilt(together, joined))).toBe("bundle_forked");
    expect(await codeOf(() => acceptBuilt(alone, created))).toBe("bundle_forked");
    expect(await codeOf(() => acceptBuilt(null, joined))).toBe("bundle_forked");
  });

  test("A5 the same bundle delivered again changes nothing", async () => {
    const again = await applyBundles(
      asOwner,
      together,
      [deliver(created.upload, owner.account), deliver(joined.upload, owner.account)],
      readerOf(owner),
    );
    expect(again).toEqual(together);
  });

  test("K8 what is stored restores to the same state", () => {
    const cores = [created.upload.core, joined.upload.core];
    expect(restoreConversation(cores, together.epochs)).toEqual(together);
  });
});

import { describe, expect, test } from "vitest";
import type { BundleCore, BundleDelivery } from "../../../workers/protocol/bundle.ts";
import { newDevice } from "../account/device.ts";
import { headOf } from "../account/history.ts";
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
import { forged, judgeOf, newCare } from "./care.test-kit.ts";
import { inviteToConversation } from "./changes.ts";
import { applyBundle } from "./verify.ts";

const care = await newCare("verify");
const { suite, owner, patient, alone, together } = care;
const { asOwner, reader, genesis, join, first, second } = judgeOf(care);

describe("C8 authority comes from the version that is named", () => {
  const spare = newDevice(suite.random);

  test("C8 manifests above what is held are fetched first", async () => {
    const error = await applyBundle(contextOf(owner), alone, join, reader).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: "manifest_needed",
      need: { account: patient.account, version: 1 },
    });
  });

  test("C8 the author's device has to be live in the version named, not now", async () => {
    const two = await changed(suite, owner, { addDevice: spare });
    const revoked = await changed(suite, two, { revokeDevices: [owner.device.id] });
    // Revoked since: what it authored under version 1 stands.
    expect(await first(genesis, contextOf(revoked, patient))).toBe("none");
    const entry = headOf(revoked.history);
    const now = await forged(revoked, genesis, (core) => ({
      ...core,
      roster: [
        {
          account: owner.account,
          role: "owner",
          manifest: { version: entry.core.version, hash: entry.hash },
        },
      ],
      seals: core.seals.map((s, i) => (i === 0 ? { ...s, generation: 2 } : s)),
      author: { ...core.author, manifestVersion: entry.core.version },
    }));
    const share = { ...now, seals: [] };
    expect(await first(share, contextOf(revoked, patient))).toBe("bundle_refused");
  });

  test("C8 an author cannot name an older version than the roster does", async () => {
    const two = await changed(suite, owner, { addDevice: spare });
    const revoked = await changed(suite, two, { revokeDevices: [owner.device.id] });
    const after = headOf(revoked.history);
    const build = await inviteToConversation(
      suite,
      { ...authorOf(revoked), device: owner.device.id },
      together,
      newestOf(patient),
      pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW),
      NOW,
    );
    expect(build.checked.core.author.manifestVersion).toBe(after.core.version);
    const older = await forged(owner, deliver(build.upload, owner.account), (core) => ({
      ...core,
      author: { ...core.author, manifestVersion: 1 },
    }));
    const context = contextOf(revoked, patient);
    const apply = applyBundle(context, together, older, readerOf(revoked));
    expect(await codeOf(() => apply)).toBe("bundle_refused");
    const honest = await changed(suite, owner, { addDevice: spare });
    const good = await inviteToConversation(
      suite,
      authorOf(honest),
      together,
      newestOf(patient),
      pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW),
      NOW,
    );
    const fine = applyBundle(
      contextOf(honest, patient),
      together,
      deliver(good.upload, owner.account),
      readerOf(honest),
    );
    expect(await codeOf(() => fine)).toBe("none");
  });

  test("K6 a roster that names another manifest of a version is a fork", async () => {
    const wrong = await forged(owner, genesis, (core) => ({
      ...core,
      roster: core.roster.map((entry) => ({
        ...entry,
        manifest: { version: 1, hash: headOf(patient.history).hash },
      })),
    }));
    expect(await first(wrong)).toBe("manifest_forked");
  });

  test("K6 a roster that names a higher version of the own account is an alarm", async () => {
    const two = await changed(suite, owner, { addDevice: spare });
    const newer = await forged(owner, genesis, (core) => ({
      ...core,
      roster: core.roster.map((entry) => ({
        ...entry,
        manifest: { version: 2, hash: headOf(two.history).hash },
      })),
      author: { ...core.author, manifestVersion: 2 },
    }));
    expect(await first(newer)).toBe("own_account_hidden");
    expect(await first(newer, contextOf(two, patient))).toBe("none");
    expect(await first(newer, { ...asOwner, self: patient.account })).toBe("manifest_needed");
  });

  test("C2 a seal to another generation than the manifest's is refused", async () => {
    const wrong = await forged(owner, genesis, (core) => ({
      ...core,
      seals: core.seals.map((s, i) => (i === 0 ? { ...s, generation: 2 } : s)),
    }));
    expect(await first({ ...wrong, seals: [] })).toBe("bundle_refused");
  });
});

describe("C4 the table is checked by every client", () => {
  const refusedAs = async (person: Person, change: (core: BundleCore) => BundleCore) => {
    const bad = await forged(person, { ...join, seals: [], grants: [], share: null }, change);
    return second(bad);
  };

  test("C4 what the table does not allow is refused, with a good signature too", async () => {
    const stranger = await newPerson(suite);
    const entry = headOf(stranger.history);
    const ghost = (core: BundleCore): BundleCore => ({
      ...core,
      roster: [
        ...core.roster,
        {
          account: stranger.account,
          role: "member",
          manifest: { version: 1, hash: entry.hash },
        },
      ],
    });
    expect(await refusedAs(patient, (core) => core)).toBe("none");
    expect(await refusedAs(patient, ghost)).toBe("bundle_refused");
    expect(await first(await forged(owner, genesis, ghost))).toBe("bundle_refused");
  });

  test("C4 a member who is not the owner cannot invite", async () => {
    const entry = pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW);
    const build = inviteToConversation(
      suite,
      authorOf(owner),
      together,
      newestOf(patient),
      entry,
      NOW,
    );
    const honest = deliver((await build).upload, owner.account);
    const byMember = await forged(patient, honest, (core) => ({
      ...core,
      author: { account: patient.account, device: patient.device.id, manifestVersion: 1 },
    }));
    const apply = (delivery: BundleDelivery) =>
      codeOf(() => applyBundle(asOwner, together, delivery, reader));
    expect([await apply(honest), await apply(byMember)]).toEqual(["none", "bundle_refused"]);
  });
});

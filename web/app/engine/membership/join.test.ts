import { expect, test } from "vitest";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import { codeOf, deliver, flipped, newPerson } from "../../../core/people.test-kit.ts";
import { type Served, invitedDevice } from "./invited-device.test-kit.ts";
import { joinByInvitation } from "./join.ts";

const care = await newCare("join");
const { owner, invite, secret, created, suite } = care;
const stranger = await newPerson(suite);
const genesis = deliver(created.upload, invite.id);

/** How many bundles the patient's device sends when it accepts at this server, and how that ends. */
async function accept(served: Served, inviter = owner.account) {
  const { context, sent } = invitedDevice(care, served, stranger);
  const record = { secret, inviter, title: "Dra. Ruiz" };
  const ended = await codeOf(() => joinByInvitation(context, record));
  return { ended, sent: sent.length };
}

test("I3 an invitation as its link says is accepted with one bundle (control)", async () => {
  expect(await accept({})).toEqual({ ended: "none", sent: 1 });
});

test("I3 a conversation of somebody else than the link names is not joined", async () => {
  const ended = "invitation_mismatch";
  expect(await accept({}, stranger.account)).toEqual({ ended, sent: 0 });
});

test("I3 C4 behind a bundle that does not verify nothing is joined, and the cause is said", async () => {
  const forged = { ...genesis, signature: flipped(genesis.signature) };
  expect(await accept({ bundles: [forged] })).toEqual({ ended: "bundle_refused", sent: 0 });
  const other = await newCare("join, another");
  const foreign = deliver(other.created.upload, invite.id);
  const { sent } = await accept({ bundles: [genesis, foreign] });
  expect(sent).toBe(0);
});

test("I6 without a conversation, or without a bundle of it, there is nothing to join", async () => {
  const { ended, sent } = await accept({ claimed: null });
  expect([ended, sent]).toEqual([expect.stringContaining("not_found"), 0]);
  expect(await accept({ bundles: [] })).toEqual({ ended: "bundle_gap", sent: 0 });
});

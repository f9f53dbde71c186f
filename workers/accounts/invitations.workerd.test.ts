import { describe, expect, test } from "vitest";
import { Browser } from "../http/browser.test-kit.ts";
import { makeInvite } from "../protocol/bundle.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { inviteIdText } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import { findInvitation, recordInvitation, settleInvitation } from "./invitation-store.ts";
import { claimOf, db, seedInvitation, seedPerson, someConversation } from "./person.test-kit.ts";

const inMs = (ms: number) => Date.now() + ms;
const view = (id: Uint8Array) =>
  new Browser().call("invitation", { params: { invite: toBase64url(id) } });

describe("I6 invitations of practitioners", () => {
  test("I6 made, listed and seen by anybody with the link's id", async () => {
    const admin = await seedPerson("administrator");
    const invite = makeInvite();
    const expiresAt = inMs(LIMITS.invitationMs);
    const body = { signPub: toBase64url(invite.entry.signPub), expiresAt };
    const made = await admin.browser.get("createInvitation", { body });
    expect(made.invite).toBe(toBase64url(invite.id));
    expect((await view(invite.id)).result).toEqual({
      state: "open",
      role: "practitioner",
      expiresAt,
      inviter: { publicName: `Dr ${admin.id.slice(0, 8)}` },
    });
    expect(await admin.browser.outcome("createInvitation", { body })).toBe("already_exists");
    const { invitations } = await admin.browser.get("invitations");
    expect(invitations).toMatchObject([{ invite: made.invite, state: "open", expiresAt }]);
    const other = await seedPerson("administrator");
    expect(await other.browser.get("invitations")).toEqual({ invitations: [] });
  });

  test.each([
    ["in the past", () => ({ expiresAt: inMs(-1) })],
    ["for too long", () => ({ expiresAt: inMs(LIMITS.invitationMaxMs + 60_000) })],
    ["E7 with a key of small order", () => ({ signPub: toBase64url(new Uint8Array(32)) })],
  ])("I4 not %s", async (_, change) => {
    const admin = await seedPerson("administrator");
    const signPub = toBase64url(makeInvite().entry.signPub);
    const body = { signPub, expiresAt: inMs(60_000), ...change() };
    expect(await admin.browser.outcome("createInvitation", { body })).toBe("bad_request");
  });

  test("I4 expired by the clock; unknown is not found", async () => {
    const admin = await seedPerson("administrator");
    const invite = await seedInvitation(admin.id, null, inMs(-1));
    expect((await view(invite.id)).result?.state).toBe("expired");
    expect((await view(makeInvite().id)).outcome).toBe("not_found");
  });
});

describe("I1 I3 what a conversation's outbox tells may be told twice", () => {
  test("I1 a record is made once and never reopened; I3 the first decision stays", async () => {
    const owner = await seedPerson("practitioner");
    const patient = await seedPerson("patient");
    const conversation = someConversation();
    const invite = await seedInvitation(owner.id, conversation);
    const inviteId = inviteIdText(invite.id);
    const record = {
      inviteId,
      signPub: invite.entry.signPub,
      role: "patient",
      expiresAt: 9e12,
      inviter: owner.id,
      conversation,
      createdAt: 1,
    } as const;
    expect(await recordInvitation(db, record)).toBe(false);
    await settleInvitation(db, inviteId, "used", patient.id, conversation);
    await settleInvitation(db, inviteId, "used", patient.id, conversation);
    await settleInvitation(db, inviteId, "withdrawn", null, conversation);
    expect(await recordInvitation(db, record)).toBe(false);
    const found = await findInvitation(db, inviteId);
    expect(found?.invitation).toMatchObject({ state: "used", usedBy: patient.id, conversation });
  });

  test("I3 a conversation decides over its own invitations only", async () => {
    const owner = await seedPerson("practitioner");
    const invite = await seedInvitation(owner.id, someConversation());
    await settleInvitation(db, inviteIdText(invite.id), "withdrawn", null, someConversation());
    expect((await view(invite.id)).result?.state).toBe("open");
    const admin = await seedPerson("administrator");
    const practitioners = await seedInvitation(admin.id);
    await settleInvitation(db, inviteIdText(practitioners.id), "used", null, someConversation());
    expect((await view(practitioners.id)).result?.state).toBe("open");
  });
});

describe("I6 claim by an account that exists", () => {
  const claim = async (
    invite: Awaited<ReturnType<typeof seedInvitation>>,
    signedFor?: Uint8Array,
  ) => {
    const patient = await seedPerson("patient");
    const { signature } = claimOf(invite, signedFor ?? patient.account.id);
    const params = { invite: toBase64url(invite.id) };
    return patient.browser.call("claim", { params, body: { signature } });
  };

  test("I6 the signature is by the invite key, for the caller", async () => {
    const owner = await seedPerson("practitioner");
    const invite = await seedInvitation(owner.id, someConversation());
    expect((await claim(invite, owner.account.id)).outcome).toBe("claim_refused");
  });

  test("I6 one account has one role: a practitioner's invitation is not for a patient", async () => {
    const admin = await seedPerson("administrator");
    expect((await claim(await seedInvitation(admin.id))).outcome).toBe("claim_refused");
  });

  test("I4 what is over is said to be", async () => {
    const owner = await seedPerson("practitioner");
    const conversation = someConversation();
    const expired = await seedInvitation(owner.id, conversation, inMs(-1));
    expect((await claim(expired)).outcome).toBe("invitation_expired");
    const used = await seedInvitation(owner.id, conversation);
    await settleInvitation(db, inviteIdText(used.id), "used", owner.id, conversation);
    expect((await claim(used)).outcome).toBe("invitation_used");
    expect((await claim(makeInvite())).outcome).toBe("not_found");
  });

  test("I3 who joined with it and asks again is told where", async () => {
    const owner = await seedPerson("practitioner");
    const patient = await seedPerson("patient");
    const conversation = someConversation();
    const invite = await seedInvitation(owner.id, conversation);
    await settleInvitation(db, inviteIdText(invite.id), "used", patient.id, conversation);
    const { signature } = claimOf(invite, patient.account.id);
    const params = { invite: toBase64url(invite.id) };
    const answer = await patient.browser.get("claim", { params, body: { signature } });
    expect(answer).toEqual({ conversation });
  });
});

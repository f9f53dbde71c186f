import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test, vi } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { inviteBundle, joinBundle, withdrawBundle } from "../protocol/bundle.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { inviteIdText } from "../protocol/ids.ts";
import {
  Writer,
  claim,
  down,
  freshInvite,
  open,
  invitationState,
  sayBundle,
  seedConversation,
  seedPair,
  withDeps,
} from "./scene.test-kit.ts";
import { refusedUpgrade } from "./socket.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("invitations", () => {
  test("I2 I5 I6 a claimant reads with the invite's seals, joins; then those seals and the claim are gone", async () => {
    const scene = await seedConversation();
    const { invite, genesis, stub } = scene;
    const patient = new Writer(await seedPerson("patient"));
    expect((await claim(patient.person, invite)).result).toEqual({
      conversation: toBase64url(scene.conversation),
    });
    const socket = await open(patient, scene);
    await socket.hello(0);
    await socket.untilItems(1);
    const seen = socket.items[0];
    expect(
      seen && "bundle" in seen ? seen.bundle.seals.map(({ recipient }) => recipient) : null,
    ).toEqual([invite.id]);
    socket.send(patient.write(genesis));
    expect((await socket.next("refused")).error).toBe("not_found");
    const rival = new Writer(await seedPerson("patient"));
    await claim(rival.person, invite);
    const rivalSocket = await open(rival, scene);
    await rivalSocket.hello(0);
    const head = joinBundle(patient.author, genesis, invite);
    const writer = new Writer(patient.person);
    sayBundle(socket, head, writer.write(head));
    await socket.next("accepted");
    await socket.untilAcked(1);
    expect(await rivalSocket.closing()).toBe(CLOSE.notMember);
    const left = await runInDurableObject(stub, ({ core }) => ({
      seals: core.stores.bundles.sealsFor(0, [invite.id]).seals.length,
      own: core.stores.bundles.sealsFor(1, [patient.author.account.id]),
      claims: core.memory?.claims,
    }));
    expect(left).toMatchObject({ seals: 0, claims: [] });
    expect(left.own.seals).toHaveLength(1);
    expect(left.own.grants).toHaveLength(1);
    await expect.poll(() => invitationState(invite)).toBe("used");
    expect((await claim(rival.person, invite)).outcome).toBe("invitation_used");
  });

  test("I3 a join needs the invite's signature and the claim", async () => {
    const scene = await seedConversation();
    const { invite, genesis } = scene;
    const patient = new Writer(await seedPerson("patient"));
    await claim(patient.person, invite);
    const socket = await open(patient, scene);
    const { upload } = joinBundle(patient.author, genesis, invite);
    const forged = { ...upload, inviteSignature: randomBytes(64) };
    socket.say({ t: "bundle", bundle: forged, envelopes: [] });
    expect((await socket.next("refused")).error).toBe("bundle_refused");
    socket.say({ t: "bundle", bundle: upload, envelopes: [] });
    await socket.next("accepted");
  });

  test("I4 withdrawn: claims end at once, and the link says so", async () => {
    const scene = await seedConversation();
    const { owner, invite, genesis } = scene;
    const patient = new Writer(await seedPerson("patient"));
    await claim(patient.person, invite);
    const [one, two] = [await open(owner, scene), await open(patient, scene)];
    await two.hello(0);
    sayBundle(one, withdrawBundle(owner.author, genesis, invite));
    await one.next("accepted");
    expect(await two.closing()).toBe(CLOSE.notMember);
    await expect.poll(() => invitationState(invite)).toBe("withdrawn");
    expect((await claim(patient.person, invite)).outcome).toBe("invitation_withdrawn");
    expect(await refusedUpgrade(patient.person, scene.conversation)).toBe(404);
  });

  test("I4 I6 expired: a claim, a claimant's reading and a join end by the server's clock", async () => {
    const scene = await seedConversation();
    const { invite, genesis } = scene;
    const patient = new Writer(await seedPerson("patient"));
    await claim(patient.person, invite);
    const socket = await open(patient, scene);
    await socket.hello(0);
    const heal = await withDeps(scene, ({ now }) => ({ now: () => now() + 2_000_000 }));
    sayBundle(socket, joinBundle(patient.author, genesis, invite));
    expect((await socket.next("refused")).error).toBe("not_found");
    expect(await socket.closing()).toBe(CLOSE.notMember);
    const late = await runInDurableObject(scene.stub, (object) =>
      object.claim(inviteIdText(invite.id), patient.person.id),
    );
    expect(late).toEqual({ ok: false, error: "invitation_expired" });
    await heal();
  });

  test("I1 D1 down when inviting: the outbox tells it later, in order, once", async () => {
    const pair = await seedPair();
    const { owner, head, stub } = pair;
    const socket = await open(owner, pair);
    const heal = await withDeps(pair, () => ({ tell: down }));
    const invite = freshInvite();
    const invited = inviteBundle(owner.author, head, invite);
    sayBundle(socket, invited);
    await socket.next("accepted");
    sayBundle(socket, withdrawBundle(owner.author, invited, invite));
    await socket.next("accepted");
    await runDurableObjectAlarm(stub);
    expect(await invitationState(invite)).toBe("not_found");
    await heal();
    await stub.catchUp();
    expect(await invitationState(invite)).toBe("withdrawn");
  });
});

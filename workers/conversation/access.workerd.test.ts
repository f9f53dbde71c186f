import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test, vi } from "vitest";
import { type Person, seedPerson, signInAs } from "../accounts/person.test-kit.ts";
import { inboxObject } from "../objects/objects.ts";
import { createBundle } from "../protocol/bundle.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { encodeConversationUp } from "../protocol/frames.ts";
import { type AccountId, accountIdText, inviteIdText } from "../protocol/ids.ts";
import {
  Writer,
  claim,
  open,
  postBundle0,
  seedConversation,
  seedPair,
  stubOf,
} from "./scene.test-kit.ts";
import { openInbox, refusedUpgrade } from "./socket.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

/** Everything that can be asked of a conversation, as text that must not differ. */
async function ask(person: Person, conversation: Uint8Array): Promise<string[]> {
  const params = { conversation: toBase64url(conversation) };
  const { browser } = person;
  const frames = [toBase64url(encodeConversationUp({ t: "hello", v: 1, cursor: 0 }))];
  const answers = [
    await browser.call("log", { params }),
    await browser.call("log", { params, query: { at: "1" } }),
    await browser.call("bundles", { params }),
    await browser.call("frames", { params, body: { frames } }),
    await browser.call("tails", { body: { conversations: [params.conversation] } }),
  ];
  return [
    ...answers.map(({ status, text }) => `${status} ${text}`),
    `${await refusedUpgrade(person, conversation)}`,
  ];
}

const hasTables = (conversation: Uint8Array): Promise<boolean> =>
  runInDurableObject(
    stubOf(conversation),
    (_, { storage }) => storage.sql.exec("SELECT name FROM sqlite_master").toArray().length > 0,
  );

describe("strangers", () => {
  test("404 without difference for what exists, what does not, and what is somebody else's; and no trace", async () => {
    const { conversation } = await seedPair();
    const nothing = randomBytes(32);
    for (const role of ["patient", "practitioner", "administrator"] as const) {
      const stranger = await seedPerson(role);
      const foreign = await ask(stranger, conversation);
      expect(foreign).toEqual(await ask(stranger, nothing));
      expect(foreign).toEqual([
        ...Array.from({ length: 4 }, () => '404 {"error":"not_found"}'),
        '200 {"tails":[],"left":[]}',
        "404",
      ]);
    }
    expect(await hasTables(nothing)).toBe(false);
    expect(await hasTables(conversation)).toBe(true);
  });

  test("C1 a refused creation leaves no table either", async () => {
    const owner = new Writer(await seedPerson("practitioner"));
    const bundle = createBundle(owner.author, [], (core) => ({
      ...core,
      keyCommit: randomBytes(32),
    }));
    const spoilt = { ...bundle, upload: { ...bundle.upload, signature: randomBytes(64) } };
    expect((await postBundle0(owner.person, spoilt)).outcome).toBe("bundle_refused");
    expect(await hasTables(bundle.core.conversation)).toBe(false);
  });

  test("I6 a claim of what was never created writes nothing", async () => {
    const conversation = randomBytes(32);
    const id = accountIdText(randomBytes(32));
    const answer = await stubOf(conversation).claim(inviteIdText(randomBytes(16)), id);
    expect(answer).toEqual({ ok: false, error: "not_found" });
    expect(await stubOf(conversation).sharesWith(id, id)).toBe(false);
    expect(await hasTables(conversation)).toBe(false);
  });

  test("K6 sharesWith: members and claimants learn of members, of nobody else; strangers of nobody", async () => {
    const scene = await seedConversation();
    const patient = await seedPerson("patient");
    const stranger = await seedPerson("patient");
    const shares = (a: AccountId, b: AccountId) => scene.stub.sharesWith(a, b);
    const owner = scene.owner.person.id;
    expect(await shares(patient.id, owner)).toBe(false);
    await claim(patient, scene.invite);
    expect(await shares(patient.id, owner)).toBe(true);
    expect(await shares(owner, owner)).toBe(true);
    expect(await shares(owner, stranger.id)).toBe(false);
    expect(await shares(stranger.id, owner)).toBe(false);
  });
});

describe("K12 sessions", () => {
  test("K12 the end of a session closes its sockets everywhere, and no other session's", async () => {
    const pair = await seedPair();
    const { owner, stub } = pair;
    const other = { ...owner.person, browser: await signInAs(owner.person) };
    const [one, two] = [await open(owner, pair), await open(new Writer(other), pair)];
    const [inboxOne, inboxTwo] = [await openInbox(owner.person), await openInbox(other)];
    await Promise.all([one.hello(2), two.hello(2), inboxOne.hello(), inboxTwo.hello()]);
    // The tags survive hibernation.
    await evictDurableObject(stub);
    await evictDurableObject(inboxObject(env, owner.person.id));
    const { browser } = owner.person;
    const { sessions } = await browser.get("sessions");
    const current = sessions.find((session) => session.current);
    await other.browser.get("revokeSession", { params: { session: current?.id ?? "" } });
    expect(await one.closing()).toBe(CLOSE.signedOut);
    expect(await inboxOne.closing()).toBe(CLOSE.signedOut);
    expect([two.closed, inboxTwo.closed]).toEqual([null, null]);
    two.send(new Writer(other).write(pair.head));
    await two.untilAcked(1);
  });

  test("K12 an upgrade that was under way when its session ended gets no socket", async () => {
    const pair = await seedPair();
    const { id } = pair.owner.person;
    const inbox = inboxObject(env, id);
    const { sessions } = await pair.owner.person.browser.get("sessions");
    const session = sessions[0]?.id ?? "";
    await inbox.endSession(session);
    expect(await refusedUpgrade(pair.owner.person, pair.conversation)).toBe(401);
  });
});

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { type Person, signInAs } from "../accounts/person.test-kit.ts";
import { open, seedConversation, seedPair } from "../conversation/scene.test-kit.ts";
import { openConversation, openInbox, refusedUpgrade } from "../conversation/socket.test-kit.ts";
import { inboxObject } from "../objects/objects.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { toBase64url } from "../protocol/bytes.ts";
import type { SessionCopy } from "../objects/session-copy.ts";
import { conversationIdText, deviceIdText } from "../protocol/ids.ts";
import { InboxStore } from "./inbox-store.ts";
import { MOST_NOTED, SocketNotes } from "./socket-notes.ts";

/** What the promise allows, from the request to the last closed socket. */
const CLOSED_WITHIN_MS = 5_000;
/** A conversation that has to be woken answers within this. The machine of a test may be slower, so rounds are counted. */
const ANSWERS_WITHIN_MS = 300;

/** How the conversations of a session were asked to close its sockets. */
interface Asked {
  calls: number;
  inFlight: number;
  most: number;
}
const longest = ({ calls, most }: Asked): number => Math.ceil(calls / most) * ANSWERS_WITHIN_MS;

const inboxOf = (person: Person) => inboxObject(env, person.id);

/** A session as D1 has it, for what is told of it without a request. */
const copyOf = (session: string): SessionCopy => ({
  session,
  hash: toBase64url(randomBytes(32)),
  device: deviceIdText(randomBytes(32)),
  role: "practitioner",
  expiresAt: Date.now() + 1_000_000,
});

async function sessionOf({ browser }: Person): Promise<string> {
  const { sessions } = await browser.get("sessions");
  return sessions.find(({ current }) => current)?.id ?? "";
}

const noted = (person: Person): Promise<number> =>
  runInDurableObject(inboxOf(person), (_, { storage }) => {
    const [table] = storage.sql
      .exec("SELECT 1 FROM sqlite_master WHERE name = 'sockets'")
      .toArray();
    if (!table) return 0;
    return Number(storage.sql.exec("SELECT count(*) AS n FROM sockets").one()["n"]);
  });

const anyConversation = () => conversationIdText(randomBytes(32));

/** Conversations that were never made answer only here, each after this time; the real ones really. */
async function withDistantNeighbours(person: Person, real: Uint8Array, ms: number): Promise<Asked> {
  const known = conversationIdText(real);
  const asked: Asked = { calls: 0, inFlight: 0, most: 0 };
  await runInDurableObject(inboxOf(person), (inbox) => {
    const { neighbours } = inbox.sessions;
    inbox.sessions.neighbours = {
      ...neighbours,
      async closeSockets(conversation, session, code) {
        asked.calls += 1;
        asked.inFlight += 1;
        asked.most = Math.max(asked.most, asked.inFlight);
        if (conversation === known) await neighbours.closeSockets(conversation, session, code);
        else await new Promise((resolve) => setTimeout(resolve, ms));
        asked.inFlight -= 1;
      },
    };
  });
  return asked;
}

/** Revokes the session from another browser of the person, and waits until these are closed. */
async function revoke(
  person: Person,
  conversation: Uint8Array,
  sockets: readonly { closing(): Promise<number> }[],
) {
  const params = { session: await sessionOf(person) };
  const other = await signInAs(person);
  // Only now: an instance that rested meanwhile would have forgotten it.
  const asked = await withDistantNeighbours(person, conversation, 20);
  await other.get("revokeSession", { params });
  const codes = await Promise.all(sockets.map((socket) => socket.closing()));
  return { codes, asked };
}

describe("K12 revocation cannot be put off", () => {
  test("K12 only what a conversation has accepted is noted: attempts elsewhere leave nothing to visit", async () => {
    const pair = await seedPair();
    const { person } = pair.owner;
    for (let i = 0; i < 40; i++) expect(await refusedUpgrade(person, randomBytes(32))).toBe(404);
    expect(await noted(person)).toBe(0);
    const socket = await open(pair.owner, pair);
    expect(await noted(person)).toBe(1);
    const { codes } = await revoke(person, pair.conversation, [socket]);
    expect(codes).toEqual([CLOSE.signedOut]);
  });

  test("K12 after 10,000 conversations of one session its sockets are closed within five seconds", async () => {
    const pair = await seedPair();
    const { person } = pair.owner;
    const inbox = inboxOf(person);
    const session = await sessionOf(person);
    // As if each of them had accepted a socket, and those too many had been closed at once.
    await runInDurableObject(inbox, (_, { storage }) => {
      const notes = new SocketNotes(storage.sql, new InboxStore(storage));
      for (let i = 0; i < 10_000; i++) {
        const conversation = anyConversation();
        notes.note(session, conversation, Date.now());
        for (const old of notes.surplus(session, conversation)) notes.forget(session, old);
      }
    });
    const sockets = [await open(pair.owner, pair), await openInbox(person)];
    expect(await noted(person)).toBe(MOST_NOTED);
    const { codes, asked } = await revoke(person, pair.conversation, sockets);
    expect(codes).toEqual([CLOSE.signedOut, CLOSE.signedOut]);
    await expect.poll(() => noted(person)).toBe(0);
    expect(asked.calls).toBe(MOST_NOTED);
    expect(longest(asked)).toBeLessThan(CLOSED_WITHIN_MS);
  });

  test("K12 an honest session of 500 conversations is closed in each of them within five seconds", async () => {
    const { owner, conversation } = await seedConversation();
    const { person } = owner;
    const inbox = inboxOf(person);
    const copy = copyOf(await sessionOf(person));
    // The first one is the one noted longest ago.
    const first = await openConversation(person, conversation);
    const others = Array.from({ length: 499 }, anyConversation);
    await Promise.all(others.map((other) => inbox.noteSocket(copy, other)));
    const pair = await seedPair();
    const foreign = await open(pair.patient, pair);
    await foreign.hello(2);
    const { codes, asked } = await revoke(person, conversation, [first]);
    expect(codes).toEqual([CLOSE.signedOut]);
    await expect.poll(() => noted(person)).toBe(0);
    expect(asked.calls).toBe(500);
    expect(longest(asked)).toBeLessThan(CLOSED_WITHIN_MS);
    expect(foreign.closed).toBe(null);
  });

  test("K12 one conversation too many closes the session's sockets in the one noted longest ago, whose note goes with them", async () => {
    const pair = await seedPair();
    const { person } = pair.owner;
    const inbox = inboxOf(person);
    const copy = copyOf(await sessionOf(person));
    const oldest = await open(pair.owner, pair);
    await oldest.hello(2);
    await runInDurableObject(inbox, (_, { storage }) => {
      storage.sql.exec("UPDATE sockets SET at = at - 1000");
    });
    await withDistantNeighbours(person, pair.conversation, 1);
    const others = Array.from({ length: MOST_NOTED - 1 }, anyConversation);
    await Promise.all(others.map((other) => inbox.noteSocket(copy, other)));
    expect(oldest.closed).toBe(null);
    await inbox.noteSocket(copy, anyConversation());
    expect(await oldest.closing()).toBe(CLOSE.elsewhere);
    expect(await noted(person)).toBe(MOST_NOTED);
    // It may come back at once: this is no refusal.
    const again = await open(pair.owner, pair);
    await again.hello(2);
    expect(await noted(person)).toBe(MOST_NOTED);
  });

  test("K12 a session that ended is refused by an Inbox that was evicted meanwhile, in conversations and in the list", async () => {
    const pair = await seedPair();
    const { person } = pair.owner;
    const inbox = inboxOf(person);
    await inbox.endSession(await sessionOf(person));
    await evictDurableObject(inbox);
    expect(await refusedUpgrade(person, pair.conversation)).toBe(401);
    await expect(openInbox(person)).rejects.toThrow("no socket: 401");
    // The control: another session of the same person is served.
    const other = { ...person, browser: await signInAs(person) };
    const socket = await openConversation(other, pair.conversation);
    await socket.hello(2);
    await (await openInbox(other)).hello();
  });

  test("K12 the socket of a refused note is closed in the conversation too", async () => {
    const pair = await seedPair();
    const { person } = pair.owner;
    await inboxOf(person).endSession(await sessionOf(person));
    expect(await refusedUpgrade(person, pair.conversation)).toBe(401);
    const open = () =>
      runInDurableObject(pair.stub, (_, context) => context.getWebSockets().length);
    await expect.poll(open).toBe(0);
  });
});

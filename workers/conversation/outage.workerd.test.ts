import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Person, deviceOf, signInAs } from "../accounts/person.test-kit.ts";
import { toHex } from "../archive/hex.ts";
import { requestWith, withSilentD1, withoutD1 } from "../http/broken-d1.test-kit.ts";
import { inboxObject } from "../objects/objects.ts";
import { deviceIdText } from "../protocol/ids.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { type Pair, type Writer, down, open, seedPair, withDeps } from "./scene.test-kit.ts";
import {
  type ConversationSocket,
  conversationPath,
  conversationSocket,
  openInbox,
  upgradeRequest,
} from "./socket.test-kit.ts";

/** A quarter of an hour in steps of half a minute: longer than a flush waits for company. */
const ROUNDS = 30;
const ROUND_MS = 30_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

const archivedSeqs = async (conversation: Uint8Array): Promise<number[]> => {
  const { results } = await env.ARCHIVE_0.prepare(
    "SELECT seq FROM envelopes WHERE conversation = unhex(?) ORDER BY seq",
  )
    .bind(toHex(conversation))
    .all<{ seq: number }>();
  return results.map(({ seq }) => seq);
};

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function reopen(
  person: Pick<Person, "browser">,
  { conversation }: Pair,
  bindings = withoutD1(),
): Promise<ConversationSocket | number> {
  const request = upgradeRequest(person, conversationPath(conversation));
  const { status, webSocket } = await requestWith(bindings, request);
  return webSocket ? conversationSocket(webSocket) : status;
}

async function mustReopen(person: Person, pair: Pair): Promise<ConversationSocket> {
  const socket = await reopen(person, pair);
  if (typeof socket === "number") throw new Error(`no socket: ${socket}`);
  return socket;
}

/** Everything of the conversation that needs D1 fails from here on, until this is called. */
const breakDatabases = (pair: Pair): Promise<() => Promise<void>> =>
  withDeps(pair, () => ({
    archive: down,
    archivedPlaces: down,
    eraseArchived: down,
    manifest: down,
    tell: down,
  }));

/** Somebody whose connection drops all the time: a cursor, and what came by it. */
class Wanderer {
  readonly seqs: number[] = [];
  readonly acks = new Map<number, number>();
  socket: ConversationSocket | null = null;

  constructor(
    readonly writer: Writer,
    readonly pair: Pair,
  ) {}

  get cursor(): number {
    return Math.max(2, ...this.seqs, ...this.acks.values());
  }

  async come(): Promise<ConversationSocket> {
    const socket = await mustReopen(this.writer.person, this.pair);
    await socket.hello(this.cursor);
    this.socket = socket;
    return socket;
  }

  /** Takes along what came, and is gone without a word. */
  async leave(): Promise<void> {
    const { socket } = this;
    if (!socket) return;
    this.seqs.push(...socket.seqs);
    for (const { deviceSeq, seq } of socket.acked) this.acks.set(deviceSeq, seq);
    this.socket = null;
    socket.close();
    await socket.closing();
  }
}

const sessionOf = async ({ browser }: Pick<Person, "browser">): Promise<string> => {
  const { sessions } = await browser.get("sessions");
  return sessions.find(({ current }) => current)?.id ?? "";
};

/** Both have had a socket while D1 was there, as everybody who uses the app. */
async function known(): Promise<Pair> {
  const pair = await seedPair();
  for (const writer of [pair.owner, pair.patient]) {
    const socket = await open(writer, pair);
    await socket.hello(2);
    socket.close();
    await socket.closing();
  }
  return pair;
}

describe("K12 D1 is away", () => {
  test("K12 for a quarter of an hour two people write, lose their sockets and come back: nothing is lost or doubled, and the archive is complete afterwards", async () => {
    const pair = await known();
    await pair.stub.catchUp();
    expect(await archivedSeqs(pair.conversation)).toEqual([1, 2]);
    const heal = await breakDatabases(pair);
    const [one, two] = [new Wanderer(pair.owner, pair), new Wanderer(pair.patient, pair)];
    for (let round = 0; round < ROUNDS; round++) {
      const [a, b] = [await one.come(), await two.come()];
      const mine = pair.owner.write(pair.head);
      a.send(mine);
      await a.untilAcked(1);
      // The answer is lost with the socket, and the same is sent again by the next.
      if (round % 5 === 0) a.send(mine);
      b.send(...pair.patient.writeMany(pair.head, 2));
      await b.untilAcked(2);
      await a.until(() => a.seqs.length >= 2, "what the other wrote");
      if (round % 3 === 0) await runDurableObjectAlarm(pair.stub);
      // The other one's last messages of the round come only by the next hello.
      await (round % 2 === 0 ? one : two).leave();
      const stays = round % 2 === 0 ? two : one;
      stays.socket?.send(stays.writer.write(pair.head));
      await stays.socket?.until(() => (stays.socket?.acked.length ?? 0) >= 2, "its last");
      await stays.leave();
      vi.setSystemTime(Date.now() + ROUND_MS);
    }
    for (const wanderer of [one, two]) {
      const socket = await wanderer.come();
      const last = 2 + ROUNDS * 4;
      await socket.until(() => Math.max(wanderer.cursor, ...socket.seqs) >= last, "the rest");
      await wanderer.leave();
      const own = [...wanderer.acks.values()];
      const others = wanderer.seqs.filter((seq) => !own.includes(seq));
      expect(new Set(own).size).toBe(wanderer.acks.size);
      expect([...own, ...others].toSorted((a, b) => a - b)).toEqual(range(3, last));
    }
    expect(await archivedSeqs(pair.conversation)).toEqual([1, 2]);
    await heal();
    await expect
      .poll(async () => {
        vi.setSystemTime(Date.now() + 60_000);
        await runDurableObjectAlarm(pair.stub);
        return archivedSeqs(pair.conversation);
      })
      .toEqual(range(1, 2 + ROUNDS * 4));
  });

  test("K12 a session revoked meanwhile is closed within five seconds, comes back nowhere, and is gone from D1 once that is back", async () => {
    const pair = await known();
    const { person } = pair.owner;
    const thief = { ...person, browser: await signInAs(person) };
    const session = await sessionOf(thief);
    const [stolen, list] = [await open(pair.owner, pair), await openInbox(thief)];
    await stolen.hello(2);
    await list.hello();
    const taken = await reopen(thief, pair, env);
    if (typeof taken === "number") throw new Error(`no socket: ${taken}`);
    await taken.hello(2);
    await breakDatabases(pair);
    const inbox = inboxObject(env, person.id);
    const heal = await runInDurableObject(inbox, (instance) => {
      const { neighbours } = instance.sessions;
      instance.sessions.neighbours = { ...neighbours, endInDatabase: down };
      return () => {
        instance.sessions.neighbours = neighbours;
      };
    });
    const request = person.browser.request("revokeSession", { params: { session } });
    vi.useRealTimers();
    expect((await requestWith(withoutD1(), request)).status).toBe(200);
    expect([await taken.closing(), await list.closing()]).toEqual([
      CLOSE.signedOut,
      CLOSE.signedOut,
    ]);
    // At once: no alarm was run.
    expect(await reopen(thief, pair)).toBe(401);
    // D1 is back and does not know yet: no socket all the same.
    expect(await reopen(thief, pair, env)).toBe(401);
    await runDurableObjectAlarm(inbox);
    expect(await thief.browser.outcome("session")).toBe("ok");
    await runInDurableObject(inbox, () => heal());
    await runDurableObjectAlarm(inbox);
    expect(await thief.browser.outcome("session")).toBe("unauthenticated");
    // The control: the one who revoked it goes on, with and without D1.
    expect(stolen.closed).toBe(null);
    expect(typeof (await reopen(person, pair))).toBe("object");
    expect(await person.browser.outcome("session")).toBe("ok");
  });

  test("K12 what the Inbox does not know is unavailable, not signed out: another token, a session that has run out, a session that is not there", async () => {
    const pair = await known();
    const { person } = pair.patient;
    const stranger = { ...person, browser: await signInAs(person) };
    expect(await reopen(stranger, pair)).toBe(503);
    const other = person.browser.request("revokeSession", {
      params: { session: await sessionOf(stranger) },
    });
    expect((await requestWith(withoutD1(), other)).status).toBe(503);
    await evictDurableObject(inboxObject(env, person.id));
    expect(typeof (await reopen(person, pair))).toBe("object");
    vi.setSystemTime(Date.now() + 31 * 24 * 60 * 60 * 1000);
    expect(await reopen(person, pair)).toBe(503);
  });

  test("K12 a renewed token replaces the one before in the copy", async () => {
    const pair = await known();
    const { person } = pair.patient;
    const inbox = inboxObject(env, person.id);
    const { hash, session } = await runInDurableObject(inbox, (_, { storage }) =>
      storage.sql
        .exec<{ hash: string; session: string }>("SELECT hash, session FROM sessions")
        .one(),
    );
    const device = deviceIdText(deviceOf(person.account).id);
    const expiresAt = Date.now() + 1_000_000;
    await inbox.keepSession({ session, hash: "another", device, role: "patient", expiresAt });
    expect(await inbox.recallSession(hash, Date.now())).toEqual({ kind: "unknown" });
    expect(await inbox.recallSession("another", Date.now())).toMatchObject({ kind: "known" });
  });

  test("a database that answers nothing is away after three seconds", async () => {
    const pair = await known();
    vi.useRealTimers();
    const start = Date.now();
    const socket = await reopen(pair.patient.person, pair, withSilentD1());
    expect(typeof socket).toBe("object");
    expect(Date.now() - start).toBeGreaterThan(2_500);
  });
});

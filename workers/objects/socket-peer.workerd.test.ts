import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { randomBytes } from "./random.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { inboxObject } from "./objects.ts";
import { SocketPeer, newMark } from "./socket-peer.ts";

test('decision "folded writes": all that a socket may carry fits its attachment, and comes back from it', async () => {
  const stub = inboxObject(env, (await seedPerson("patient")).id);
  await runInDurableObject(stub, (_, context) => {
    const { 1: socket } = new WebSocketPair();
    context.acceptWebSocket(socket);
    // Two bytes a character where it is stored.
    const longest = "€".repeat(128);
    const who = {
      account: randomBytes(32),
      device: randomBytes(32),
      session: longest,
      address: longest,
    };
    const peer = SocketPeer.open(socket, who, Date.now(), true);
    const [mark, held] = [newMark(), randomBytes(8 * 1024)];
    peer.turnPage({ mark, after: Number.MAX_SAFE_INTEGER, isLive: true, isConfirmed: false });
    expect(peer.hold(held)).toBe(true);
    expect(peer.hold(randomBytes(8 * 1024 + 1))).toBe(false);
    const woken = SocketPeer.wake(socket, true);
    expect(woken?.held).toEqual(held);
    expect(woken?.mark).toEqual(mark);
    // What it holds is there even once it was told to close.
    peer.close(CLOSE.elsewhere);
    expect(SocketPeer.wake(socket, true)).toMatchObject({ isClosed: true, held });
  });
});

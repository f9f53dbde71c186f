import { describe, expect, test } from "vitest";
import { decodeConversationDown } from "../../protocol/frames.ts";
import { RequestPeer } from "../../objects/peer.ts";
import { TUNING } from "../settings.ts";
import { Turn, deliver, logFrames, sizeOf } from "./turn.ts";

class LivePeer extends RequestPeer {
  override readonly isLive = true;
}

const peer = (fill: number) =>
  new LivePeer({
    account: new Uint8Array(32).fill(fill),
    device: new Uint8Array(32).fill(fill),
    session: "s",
    address: "a",
  });

const noBundle = () => {
  throw new Error("no bundles here");
};

const noFailure = (_: unknown, error: unknown): never => {
  throw error;
};

/** What a peer was sent, as "ack 3 4", "log 5". */
const heard = (of: RequestPeer): string[] =>
  of.frames.map(decodeConversationDown).map((down) => {
    if (down.t === "ack" || down.t === "log") {
      return [down.t, ...down.items.map(({ seq }) => seq)].join(" ");
    }
    return down.t;
  });

function write(turn: Turn, origin: RequestPeer, seq: number): void {
  turn.commit({ seq, at: 1, origin, envelope: new Uint8Array([seq]) });
  turn.ack(origin, { messageId: new Uint8Array(16).fill(0x77), deviceSeq: seq, seq, at: 1 });
}

describe("a turn's frames", () => {
  test("others get packed items in the order of seq; a sender gets its own place in it, never its items", () => {
    const [a, b, c, d] = [peer(1), peer(2), peer(3), peer(4)];
    const turn = new Turn(0);
    for (const seq of [1, 2]) write(turn, a, seq);
    for (const seq of [3, 4]) write(turn, b, seq);
    deliver(turn, [a, b, c, d], noBundle, noFailure);
    expect(heard(a)).toEqual(["ack 1 2", "log 3 4"]);
    expect(heard(b)).toEqual(["log 1 2", "ack 3 4"]);
    expect(heard(c)).toEqual(["log 1 2 3 4"]);
    // Encoded once for all who get the same.
    expect(d.frames[0]).toBe(c.frames[0]);
  });

  test("who says hello in the turn gets after it only what was not replayed", () => {
    const [a, b] = [peer(1), peer(2)];
    const turn = new Turn(0);
    write(turn, a, 1);
    turn.tell(b, { t: "log", items: [{ seq: 1, at: 1, envelope: new Uint8Array([1]) }] });
    turn.replayed(b, 1);
    write(turn, peer(3), 2);
    deliver(turn, [a, b], noBundle, noFailure);
    expect(heard(b)).toEqual(["log 1", "log 2"]);
  });

  test("who has not said hello gets only what is its own; receipts go to other accounts", () => {
    const [a, b] = [peer(1), peer(2)];
    const silent = new RequestPeer(a.who);
    const turn = new Turn(0);
    write(turn, silent, 1);
    turn.received.set(a.account, 1);
    deliver(turn, [a, b, silent], noBundle, noFailure);
    expect(heard(silent)).toEqual(["ack 1"]);
    expect(heard(a)).toEqual(["log 1"]);
    expect(heard(b)).toEqual(["log 1", "received"]);
  });

  test("a peer who cannot be told is named; sender and all others are told everything", () => {
    const [a, b, c] = [peer(1), peer(2), peer(3)];
    const turn = new Turn(0);
    write(turn, a, 1);
    turn.commit({ seq: 2, at: 1, origin: a, bundle: 1 });
    const broken = [b];
    const failed: unknown[] = [];
    const bundleFor = (of: { account: string }) => {
      if (broken.some(({ account }) => account === of.account)) throw new Error("unreadable");
      const none = { seals: [], grants: [] };
      const [core, signature] = [new Uint8Array(1), new Uint8Array(64)];
      return { core, signature, inviteSignature: null, ...none, share: null };
    };
    deliver(turn, [b, a, c], bundleFor, (who) => failed.push(who));
    expect(failed).toEqual([b]);
    expect(heard(a)).toEqual(["ack 1"]);
    expect(heard(b)).toEqual([]);
    expect(heard(c)).toEqual(["log 1 2"]);
  });

  test("frames are within count and bytes", () => {
    const item = (seq: number, size: number) => ({ seq, at: 1, envelope: new Uint8Array(size) });
    const small = logFrames(Array.from({ length: 250 }, (_, i) => item(i + 1, 10)));
    expect(small.map((frame) => (frame.t === "log" ? frame.items.length : 0))).toEqual([
      100, 100, 50,
    ]);
    const large = logFrames(Array.from({ length: 20 }, (_, i) => item(i + 1, 60_000)));
    for (const frame of large) {
      if (frame.t !== "log") throw new Error("only log frames");
      const bytes = frame.items.reduce((sum, each) => sum + sizeOf(each), 0);
      expect(bytes).toBeLessThanOrEqual(TUNING.frameBytes);
    }
  });
});

import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { toBase64url } from "../protocol/bytes.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { decodeConversationDown, encodeConversationUp } from "../protocol/frames.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import { deviceIdText } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import { makeEnvelope } from "./envelope.test-kit.ts";
import { identityOf } from "../objects/peer-identity.ts";
import { RequestPeer } from "../objects/peer.ts";
import { RateLimiter } from "../objects/rate-limit.ts";
import { Writer, open, seedPair, unlimited } from "./scene.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

describe("messages", () => {
  test("M6 acknowledged to the sender, delivered to the others, in one order; never to the sending socket", async () => {
    const pair = await seedPair();
    const { owner, patient, head } = pair;
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    const welcome = await one.hello();
    expect(welcome).toMatchObject({ behind: false, state: { lastSeq: 2, deviceSeq: 0 } });
    await one.untilItems(2);
    await two.hello(2);
    const mine = owner.writeMany(head, 3);
    one.send(...mine);
    two.send(patient.write(head));
    await Promise.all([one.untilAcked(3), two.untilItems(3), one.untilItems(3), two.untilAcked(1)]);
    expect(one.acked.map(({ deviceSeq }) => deviceSeq)).toEqual([1, 2, 3]);
    expect(sorted([...one.acked, ...two.acked].map(({ seq }) => seq))).toEqual([3, 4, 5, 6]);
    const delivered = two.items.map((item) => ("envelope" in item ? item.envelope : null));
    expect(delivered).toEqual(mine.map(({ bytes }) => bytes));
    expect(sorted([...one.seqs, ...one.acked.map(({ seq }) => seq)])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("M6 a frame sent again is acknowledged again with its first places; a fork and a gap are refused, and what follows them", async () => {
    const pair = await seedPair();
    const { owner, head } = pair;
    const socket = await open(owner, pair);
    const [a, b] = owner.writeMany(head, 2);
    if (!a || !b) throw new Error("two envelopes");
    socket.send(a, b);
    socket.send(a, b);
    await socket.untilAcked(4);
    expect(socket.acked.slice(2)).toEqual(socket.acked.slice(0, 2));
    const fork = makeEnvelope(owner.author, head, 2);
    const next = owner.write(head);
    socket.send(fork, next);
    await socket.until(() => socket.all("refused").length === 2, "refusals");
    expect(socket.all("refused")).toMatchObject([
      { ref: fork.header.messageId, error: "sequence_conflict" },
      { ref: next.header.messageId, error: "out_of_order" },
    ]);
    socket.send(next, owner.write(head));
    await socket.untilAcked(6);
    socket.send(makeEnvelope(owner.author, head, 9));
    await socket.until(() => socket.all("refused").length === 3, "refusal");
    expect(socket.all("refused")[2]?.error).toBe("out_of_order");
  });

  test("M6 a retry older than the device's recent ones is found in the tail", async () => {
    const pair = await seedPair();
    const { owner, head } = pair;
    const socket = await open(owner, pair);
    const all = owner.writeMany(head, 150);
    for (let i = 0; i < all.length; i += 50) socket.send(...all.slice(i, i + 50));
    await socket.untilAcked(150);
    socket.send(...all.slice(0, 3));
    await socket.untilAcked(153);
    expect(socket.acked.slice(150)).toEqual(socket.acked.slice(0, 3));
  });

  test("M1 the header must name the socket's own account and device", async () => {
    const pair = await seedPair();
    const { owner, patient, head } = pair;
    const socket = await open(owner, pair);
    socket.send(makeEnvelope(patient.author, head, 1));
    expect(await socket.next("refused")).toMatchObject({ error: "bad_request" });
  });

  test("M10 received is monotonic, per account, and told to the others", async () => {
    const pair = await seedPair();
    const { owner, patient, head } = pair;
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    await one.hello(2);
    await two.hello(2);
    one.send(...owner.writeMany(head, 2));
    await two.untilItems(2);
    for (const seq of [4, 3, 4, 9_999]) two.say({ t: "received", seq });
    const { account } = patient.author;
    expect(await one.next("received")).toEqual({ t: "received", account: account.id, seq: 4 });
    one.send(owner.write(head));
    await two.untilItems(3);
    two.say({ t: "received", seq: 5 });
    expect((await one.next("received")).seq).toBe(5);
    expect(two.all("received")).toEqual([]);
    const again = await open(owner, pair);
    const { state } = await again.hello(5);
    expect(state.received).toEqual([{ account: account.id, seq: 5 }]);
  });
});

describe("frames over HTTP", () => {
  test("the same frames as the socket's, answered at once", async () => {
    const pair = await seedPair();
    const { owner, patient, head, conversation } = pair;
    const other = await open(patient, pair);
    await other.hello(2);
    const envelopes = owner.writeMany(head, 2).map(({ bytes }) => bytes);
    const frames = [
      encodeConversationUp({ t: "hello", v: 1, cursor: 1 }),
      encodeConversationUp({ t: "send", envelopes }),
    ].map((frame) => toBase64url(frame));
    const params = { conversation: toBase64url(conversation) };
    const answer = await owner.person.browser.get("frames", { params, body: { frames } });
    const down = answer.frames.map((frame) => decodeConversationDown(fromBase64url(frame)));
    expect(down.map(({ t }) => t)).toEqual(["welcome", "log", "page", "ack"]);
    await other.untilItems(2);
    const bad = await owner.person.browser.get("frames", { params, body: { frames: ["AAAA"] } });
    const [refused] = bad.frames.map((frame) => decodeConversationDown(fromBase64url(frame)));
    expect(refused).toMatchObject({ t: "refused", error: "bad_request" });
  });
});

describe("frames that nobody honest sends", () => {
  test.each([
    ["E1 not CBOR", new Uint8Array([255]), CLOSE.badFrame, "bad_request"],
    ["E1 text", "hello", CLOSE.badFrame, "bad_request"],
    [
      "over the cap, before decoding",
      new Uint8Array(LIMITS.frame + 1),
      CLOSE.tooLarge,
      "too_large",
    ],
    [
      "E4 another version",
      encodeCbor({ t: "hello", v: 2, cursor: 0 }),
      CLOSE.version,
      "unsupported_version",
    ],
  ] as const)("%s: told and closed", async (_, message, code, error) => {
    const pair = await seedPair();
    const socket = await open(pair.owner, pair);
    socket.raw(message);
    expect((await socket.next("refused")).error).toBe(error);
    expect(await socket.closing()).toBe(code);
  });

  test("10^4 random and mutated frames: never an exception, and the conversation lives on", async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    const { account, id } = patient.person;
    const device = deviceIdText(account.devices[0]?.id ?? new Uint8Array());
    const who = identityOf({ account: id, device, session: "s" }, "a");
    const seeds = [
      encodeConversationUp({ t: "hello", v: 1, cursor: 0 }),
      encodeConversationUp({ t: "received", seq: 2 }),
      encodeConversationUp({ t: "send", envelopes: [patient.write(head).bytes] }),
      encodeConversationUp({ t: "bundle", bundle: head.upload, envelopes: [] }),
    ];
    const mutated = fc
      .record({ of: fc.nat(seeds.length - 1), at: fc.nat(), to: fc.nat(255), cut: fc.boolean() })
      .map(({ of, at, to, cut }) => {
        const bytes = Uint8Array.from(seeds[of] ?? []);
        bytes[at % bytes.length] = to;
        return cut ? bytes.slice(0, at % bytes.length) : bytes;
      });
    const frames = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), 10_000);
    await unlimited(stub);
    await runInDurableObject(stub, async (instance) => {
      for (let i = 0; i < frames.length; i += 100) {
        for (const frame of frames.slice(i, i + 100)) {
          const answer = await instance.frames(who, [frame]);
          expect(answer.ok).toBe(true);
        }
      }
      expect(instance.core.standing(new RequestPeer(who)).kind).toBe("member");
    });
    const socket = await open(owner, pair);
    socket.send(owner.write(head));
    await socket.untilAcked(1);
  }, 60_000);

  test("envelopes that cannot be read are refused one by one; what stood before them is kept", async () => {
    const pair = await seedPair();
    const { owner, head } = pair;
    const socket = await open(owner, pair);
    const [good, later] = owner.writeMany(head, 2);
    if (!good || !later) throw new Error("two envelopes");
    socket.send(good, { bytes: new Uint8Array([1, 2, 3]) }, later);
    await socket.until(() => socket.all("refused").length === 2, "refusals");
    expect(socket.acked).toHaveLength(1);
    expect(socket.all("refused")).toMatchObject([
      { ref: null, error: "bad_request" },
      { ref: later.header.messageId, error: "out_of_order" },
    ]);
  });

  test("too many: rate_limited with how long to wait, for the device alone", async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    await runInDurableObject(stub, (instance) => {
      const slow = { burst: 5, perSecond: 1 };
      const address = { burst: 100, perSecond: 10 };
      instance.core.limiter = new RateLimiter({ device: slow, address });
    });
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    one.send(...owner.writeMany(head, 3));
    await one.untilAcked(3);
    one.send(owner.write(head));
    const refused = await one.next("refused");
    expect(refused).toMatchObject({ ref: null, error: "rate_limited" });
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    two.send(new Writer(patient.person).write(head));
    await two.untilAcked(1);
  });
});

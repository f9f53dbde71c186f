import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type DeviceMessage,
  type ChainEnds,
  judgeAmong,
  judgeDeviceSeq,
  judgeNext,
  judgeOlder,
  judgeOwn,
  withMessageInChain,
} from "./chain.ts";

const d = (n: number) => new Uint8Array(32).fill(n);
const device = d(200);
const message = (
  deviceSeq: number,
  digest = d(deviceSeq),
  prev?: Uint8Array | null,
): DeviceMessage => ({
  device,
  deviceSeq,
  digest,
  prev: prev === undefined ? (deviceSeq === 1 ? null : d(deviceSeq - 1)) : prev,
});
const empty: ChainEnds = { tips: {}, firsts: {}, oldest: 1 };
/** held from `oldest` on, each message at the seq of its number */
const held = (oldest: number, ...messages: DeviceMessage[]): ChainEnds =>
  messages.reduce((all, one) => withMessageInChain(all, one.deviceSeq, one), { ...empty, oldest });
const among = (...messages: DeviceMessage[]) => {
  const at = (deviceSeq: number) => messages.find((one) => one.deviceSeq === deviceSeq);
  return (next: DeviceMessage) => judgeAmong(at, next);
};

describe("M6 the next message of a device", () => {
  test("M6 what follows is new (positive control)", () => {
    expect(judgeNext(empty, message(1))).toBe("new");
    expect(judgeNext(held(1, message(1)), message(2))).toBe("new");
    expect(judgeNext({ ...held(1, message(1)) }, { ...message(1), device: d(201) })).toBe("new");
  });

  test("M6 same deviceSeq and D is a duplicate; another D a fork; below the newest has to be looked up", () => {
    const two = held(1, message(1), message(2));
    expect(judgeNext(two, message(2))).toBe("duplicate");
    expect(judgeNext(two, message(2, d(99)))).toBe("fork");
    expect(judgeNext(two, message(1))).toBe("look-up");
  });

  test("M6 a prev that is not the D held before is a fork", () => {
    expect(judgeNext(held(1, message(1)), message(2, d(2), d(77)))).toBe("fork");
    expect(judgeNext(held(1, message(1)), message(2, d(2), null))).toBe("fork");
    expect(judgeNext(empty, message(1, d(1), d(0)))).toBe("fork");
    expect(judgeNext({ ...empty, oldest: 9 }, message(5, d(5), null))).toBe("fork");
  });

  test("M6 a hole is said; where all history is here, a chain begins with 1, else it may begin anywhere", () => {
    expect(judgeNext(held(1, message(1)), message(4))).toBe("missing-before");
    expect(judgeNext(held(50, message(7)), message(9))).toBe("missing-before");
    expect(judgeNext(empty, message(3))).toBe("missing-before");
    expect(judgeNext({ ...empty, oldest: 50 }, message(3))).toBe("new");
  });
});

describe("M6 read backwards", () => {
  const seven = held(7, message(5), message(6));

  test("M6 what is older leads to the oldest message (positive control), or is a fork", () => {
    expect(judgeOlder(seven, message(4))).toEqual({ kind: "new" });
    expect(judgeOlder({ ...empty, oldest: 7 }, message(4))).toEqual({ kind: "new" });
    expect(judgeOlder(seven, message(4, d(44)))).toEqual({ kind: "fork" });
    expect(judgeOlder(seven, message(3, d(3), null))).toEqual({ kind: "fork" });
  });

  test("M6 a hole is said, and before which message", () => {
    expect(judgeOlder(seven, message(3))).toEqual({ kind: "hole", seq: 5 });
  });

  test("M6 a number that is not below the oldest has to be looked up", () => {
    expect(judgeOlder(seven, message(5))).toEqual({ kind: "look-up" });
    expect(judgeOlder(seven, message(6, d(66)))).toEqual({ kind: "look-up" });
  });
});

describe("M6 among what is stored", () => {
  test("M6 the same is a duplicate, another D a fork", () => {
    const judge = among(message(1), message(2), message(3));
    expect([judge(message(2)), judge(message(2, d(99)))]).toEqual(["duplicate", "fork"]);
    expect(judge(message(4))).toBe("new");
  });

  test("M6 what its neighbours do not lead to is a fork", () => {
    const judge = among(message(1), message(3), message(6));
    expect(judge(message(2))).toBe("new");
    expect(judge(message(2, d(22)))).toBe("fork");
    expect(judge(message(2, d(2), d(11)))).toBe("fork");
    expect(judge(message(5))).toBe("new");
    expect(judge(message(5, d(5), null))).toBe("fork");
  });
});

test("M6 messages in any order leave the newest as tip and the oldest as first", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (order) => {
      const ends = held(1, ...order.map((n) => message(n)));
      const [min, max] = [Math.min(...order), Math.max(...order)];
      expect(Object.values(ends.tips)).toEqual([{ deviceSeq: max, digest: d(max) }]);
      expect(Object.values(ends.firsts)).toEqual([
        { seq: min, deviceSeq: min, prev: message(min).prev },
      ]);
    }),
  );
});

test("M6 a device that meets its own deviceSeq with an unknown D was cloned", () => {
  expect(judgeOwn(d(1), d(1))).toBe("own");
  expect(judgeOwn(d(1), d(2))).toBe("cloned");
  expect(judgeOwn(undefined, d(1))).toBe("cloned");
});

test("M6 the server's count of this device's messages lies between acknowledged and assigned", () => {
  const judged = [
    [3, 3, 3],
    [4, 3, 5],
    [5, 3, 5],
    [6, 3, 5],
    [2, 3, 5],
  ] as const;
  expect(
    judged.map(([server, acked, assigned]) => judgeDeviceSeq(server, acked, assigned)),
  ).toEqual(["agrees", "agrees", "agrees", "cloned", "rolled-back"]);
});

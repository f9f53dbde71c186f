import { describe, expect, test } from "vitest";
import { type HeldChain, type Link, judgeDeviceSeq, judgeLink, judgeOwn } from "./chain.ts";

const d = (n: number) => new Uint8Array(32).fill(n);
const link = (deviceSeq: number, digest = d(deviceSeq), prev?: Uint8Array | null): Link => ({
  deviceSeq,
  digest,
  prev: prev === undefined ? (deviceSeq === 1 ? null : d(deviceSeq - 1)) : prev,
});
const held = (...links: Link[]): HeldChain => ({
  at: (deviceSeq) => links.find((l) => l.deviceSeq === deviceSeq),
  newest: Math.max(0, ...links.map((l) => l.deviceSeq)),
});
const judge = (chain: HeldChain, next: Link) => judgeLink(chain, next, false).kind;

describe("M6 the chain of one device", () => {
  test("M6 what follows is new (positive control)", () => {
    expect(judge(held(), link(1))).toBe("new");
    expect(judge(held(link(1)), link(2))).toBe("new");
    expect(judge(held(), link(40))).toBe("new");
  });

  test("M6 same deviceSeq and D is a duplicate; another D a fork", () => {
    expect(judge(held(link(1), link(2)), link(2))).toBe("duplicate");
    expect(judge(held(link(1), link(2)), link(2, d(99)))).toBe("fork");
  });

  test("M6 a prev that is not the D held before is a fork", () => {
    expect(judge(held(link(1)), link(2, d(2), d(77)))).toBe("fork");
    expect(judge(held(link(1)), link(2, d(2), null))).toBe("fork");
    expect(judge(held(), link(1, d(1), d(0)))).toBe("fork");
    expect(judge(held(), link(5, d(5), null))).toBe("fork");
  });

  test("M6 read backwards, the successor's prev has to be its D", () => {
    expect(judge(held(link(5)), link(4))).toBe("new");
    expect(judge(held(link(5)), link(4, d(44)))).toBe("fork");
  });

  test("M6 a hole is said, and where", () => {
    expect(judgeLink(held(link(1)), link(4), false)).toEqual({ kind: "hole", from: 2, to: 3 });
    expect(judgeLink(held(), link(3), true)).toEqual({ kind: "hole", from: 1, to: 2 });
    expect(judgeLink(held(), link(3), false).kind).toBe("new");
    expect(judgeLink(held(), link(1), true).kind).toBe("new");
    expect(judge(held(link(1), link(4)), link(3))).toBe("new");
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
});

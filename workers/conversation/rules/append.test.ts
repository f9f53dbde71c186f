import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EnvelopeHeader } from "../../protocol/envelope.ts";
import {
  type AppendState,
  type DeviceLog,
  NO_MESSAGES,
  decideAppend,
  nextPlace,
  refusalOfRest,
  withMessage,
} from "./append.ts";
import { TUNING } from "../settings.ts";

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill);
const author = { account: bytes(1), device: bytes(2) };
const head = { n: 3, hash: bytes(9) };
const idOf = (i: number) => {
  const id = bytes(0, 16);
  new DataView(id.buffer).setUint32(0, i);
  return id;
};

const headerOf = (change: Partial<EnvelopeHeader> = {}): EnvelopeHeader => ({
  v: 1,
  conversation: bytes(7),
  n: head.n,
  head: head.hash,
  account: author.account,
  device: author.device,
  manifestVersion: 1,
  deviceSeq: 1,
  messageId: idOf(1),
  salt: bytes(0),
  quiet: false,
  blobIds: [],
  ...change,
});

const stateOf = (log: DeviceLog = NO_MESSAGES, change: Partial<AppendState> = {}): AppendState => ({
  conversation: bytes(7),
  head,
  seq: 10,
  at: 1000,
  log,
  isMember: true,
  ...change,
});

const logTo = (last: number): DeviceLog => {
  let log = NO_MESSAGES;
  for (let i = 1; i <= last; i++) {
    log = withMessage(log, { deviceSeq: i, messageId: idOf(i), seq: 100 + i, at: i });
  }
  return log;
};

describe("append", () => {
  test("M6 the device's next message gets the next seq", () => {
    expect(decideAppend(stateOf(), headerOf(), author, 2000)).toEqual({
      kind: "append",
      seq: 11,
      at: 2000,
    });
  });

  test("at never falls, even if the clock is set back", () => {
    expect(nextPlace({ seq: 10, at: 1000 }, 5)).toEqual({ seq: 11, at: 1000 });
  });

  test("M6 the same deviceSeq and messageId is acknowledged again, with its first place", () => {
    const header = headerOf({ deviceSeq: 2, messageId: idOf(2) });
    const expected = { kind: "duplicate", seq: 102, at: 2 };
    expect(decideAppend(stateOf(logTo(3)), header, author, 5000)).toEqual(expected);
    // M7 comes after it: the acknowledgement was lost, then the epoch changed.
    const later = stateOf(logTo(3), { head: { n: 4, hash: bytes(8) } });
    expect(decideAppend(later, header, author, 5000)).toEqual(expected);
  });

  test.each([
    [
      "M6 another messageId at a taken deviceSeq",
      { deviceSeq: 3, messageId: idOf(99) },
      "sequence_conflict",
    ],
    ["M6 beyond last + 1", { deviceSeq: 5, messageId: idOf(5) }, "out_of_order"],
    ["M7 an earlier epoch", { deviceSeq: 4, n: 2 }, "stale_epoch"],
    ["M7 a later epoch", { deviceSeq: 4, n: 4 }, "stale_epoch"],
    ["M7 another head at the same epoch", { deviceSeq: 4, head: bytes(8) }, "stale_epoch"],
    ["M1 another account's header", { deviceSeq: 4, account: bytes(5) }, "bad_request"],
    ["M1 another device's header", { deviceSeq: 4, device: bytes(5) }, "bad_request"],
    ["M1 another conversation's header", { deviceSeq: 4, conversation: bytes(5) }, "bad_request"],
  ] as const)("%s is refused", (_, change, error) => {
    const decision = decideAppend(stateOf(logTo(3)), headerOf(change), author, 0);
    expect(decision).toEqual({ kind: "refuse", error });
  });

  test("C4 who is not in the roster writes nothing", () => {
    const state = stateOf(NO_MESSAGES, { isMember: false });
    expect(decideAppend(state, headerOf(), author, 0)).toEqual({
      kind: "refuse",
      error: "not_found",
    });
  });

  test("M6 what memory has forgotten is looked up before it is called a conflict", () => {
    const log = logTo(TUNING.recent + 5);
    expect(log.recent).toHaveLength(TUNING.recent);
    const forgotten = headerOf({ deviceSeq: 5, messageId: idOf(5) });
    expect(decideAppend(stateOf(log), forgotten, author, 0)).toEqual({ kind: "look-up" });
    const known = headerOf({ deviceSeq: 6, messageId: idOf(6) });
    expect(decideAppend(stateOf(log), known, author, 0)).toMatchObject({
      kind: "duplicate",
      seq: 106,
    });
  });

  test("M6 nothing overtakes what was refused", () => {
    expect(refusalOfRest("sequence_conflict")).toBe("out_of_order");
    expect(refusalOfRest("stale_epoch")).toBe("stale_epoch");
  });

  test("M6 M7 any run of sends, retries, forks, gaps and rotations leaves one gapless log without duplicates", () => {
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant("send"), device: fc.nat(2) }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant("retry"), device: fc.nat(2), back: fc.nat(80) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("skip"), device: fc.nat(2) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("rotate") }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("stale"), device: fc.nat(2) }) },
    );
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 300 }),
        fc.array(fc.integer({ min: -20, max: 50 })),
        (actions, ticks) => {
          const logs = [NO_MESSAGES, NO_MESSAGES, NO_MESSAGES];
          const model: {
            device: number;
            deviceSeq: number;
            messageId: Uint8Array;
            seq: number;
            at: number;
          }[] = [];
          let last = { seq: 0, at: 0 };
          let now = 1000;
          let n = 0;
          let ids = 0;
          const ask = (device: number, change: Partial<EnvelopeHeader>) => {
            const who = { account: bytes(1), device: bytes(20 + device) };
            const state = stateOf(logs[device], { ...last, head: { n, hash: bytes(n % 250) } });
            const header = headerOf({ ...who, n, head: bytes(n % 250), ...change });
            return decideAppend(state, header, who, now);
          };
          for (const [i, step] of actions.entries()) {
            now += ticks[i % Math.max(1, ticks.length)] ?? 1;
            if (step.kind === "rotate") {
              n += 1;
              continue;
            }
            const device = "device" in step ? step.device : 0;
            const log = logs[device] ?? NO_MESSAGES;
            const next = { deviceSeq: log.last + 1, messageId: idOf(++ids) };
            if (step.kind === "send") {
              const decision = ask(device, next);
              expect(decision.kind).toBe("append");
              if (decision.kind !== "append") continue;
              const place = { seq: decision.seq, at: decision.at };
              expect(place.seq).toBe(last.seq + 1);
              expect(place.at).toBeGreaterThanOrEqual(last.at);
              last = place;
              logs[device] = withMessage(log, { ...next, ...place });
              model.push({ device, ...next, ...place });
            } else if (step.kind === "retry" && "back" in step) {
              const old = model.filter((entry) => entry.device === device).at(-1 - step.back);
              if (!old) continue;
              // Retried under whatever epoch it was sealed for.
              const decision = ask(device, {
                deviceSeq: old.deviceSeq,
                messageId: old.messageId,
                n: 0,
              });
              const isKnown = log.last - old.deviceSeq < TUNING.recent;
              expect(decision).toEqual(
                isKnown ? { kind: "duplicate", seq: old.seq, at: old.at } : { kind: "look-up" },
              );
            } else if (step.kind === "skip") {
              const decision = ask(device, { ...next, deviceSeq: log.last + 2 });
              expect(decision).toEqual({ kind: "refuse", error: "out_of_order" });
            } else {
              const decision = ask(device, { ...next, n: n + 1 });
              expect(decision).toEqual({ kind: "refuse", error: "stale_epoch" });
            }
          }
          expect(model.map(({ seq }) => seq)).toEqual(model.map((_, i) => i + 1));
        },
      ),
    );
  });
});

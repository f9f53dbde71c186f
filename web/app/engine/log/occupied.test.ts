import { describe, expect, test } from "vitest";
import { type QuarantineReason, isVouched } from "../../../core/messages/open.ts";
import { newRoom, resigned, send, write } from "../../../core/messages/room.test-kit.ts";
import { flipped } from "../../../core/people.test-kit.ts";
import type { MessageRecord } from "../store/records.ts";
import { isVouchedRow, judgeOccupied } from "./occupied.ts";

const room = await newRoom("occupied");
const { owner, patient } = room;
const one = write(room, patient, "one");
const two = write(room, patient, "two", one);
const sealed = { one: await send(room, patient, one), two: await send(room, patient, two) };

const row = ({ deviceSeq, digest }: typeof one, device = patient.device.id): MessageRecord => ({
  type: "message",
  at: 1,
  account: patient.account,
  device,
  deviceSeq,
  messageId: one.messageId,
  digest,
  prev: null,
  missingBefore: false,
  body: { kind: "text", text: "" },
});
const placeholder = (envelope: Uint8Array, reason: QuarantineReason): MessageRecord => ({
  type: "quarantined",
  at: 1,
  envelope,
  reason,
  retry: false,
  vouched: isVouched(reason),
});
const bundle = (n: number): MessageRecord => ({
  type: "bundle",
  at: 1,
  n,
  change: "join",
  account: owner.account,
});

describe("M6 what comes for a place against what stands there", () => {
  test("M6 the same again is nothing, another signed item is a fork", () => {
    expect(judgeOccupied(row(one), row(one))).toBe("ignored");
    expect(judgeOccupied(bundle(1), bundle(1))).toBe("ignored");
    const twin = { ...one, digest: flipped(one.digest) };
    for (const [stored, other] of [
      [row(one), row(two)],
      [row(one), row(twin)],
      [row(one), row(one, owner.device.id)],
      [bundle(1), bundle(2)],
      [bundle(1), row(one)],
      [row(one), bundle(1)],
      [row(one), placeholder(sealed.two, "no_key")],
      [bundle(1), placeholder(sealed.one, "open_failed")],
      [placeholder(sealed.one, "no_key"), row(two)],
      [placeholder(sealed.one, "no_key"), placeholder(sealed.two, "no_key")],
    ] as const) {
      expect(judgeOccupied(stored, other)).toBe("fork");
    }
  });

  test("M6, M9 what nobody vouches for replaces nothing and proves nothing", () => {
    const reasons = ["malformed", "bad_signature", "unknown_device", "manifest_needed"] as const;
    for (const reason of reasons) {
      const garbage = placeholder(new Uint8Array([1]), reason);
      expect(isVouchedRow(garbage)).toBe(false);
      expect(judgeOccupied(row(one), garbage)).toBe("ignored");
      expect(judgeOccupied(bundle(1), garbage)).toBe("ignored");
      expect(judgeOccupied(placeholder(sealed.one, "no_key"), garbage)).toBe("ignored");
      expect(judgeOccupied(garbage, row(one))).toBe("replaces");
      expect(judgeOccupied(garbage, placeholder(sealed.one, "no_key"))).toBe("replaces");
    }
  });

  test("M9 a placeholder gives way to the message that it is, and to what is known of it now", async () => {
    expect(judgeOccupied(placeholder(sealed.one, "no_key"), row(one))).toBe("replaces");
    const waits = placeholder(sealed.one, "manifest_needed");
    expect(judgeOccupied(waits, placeholder(sealed.one, "bad_signature"))).toBe("replaces");
    expect(judgeOccupied(waits, waits)).toBe("ignored");
    const again = await resigned(patient, sealed.one, () => ({}));
    const held = placeholder(sealed.one, "no_key");
    expect(judgeOccupied(held, placeholder(again, "stale_epoch"))).not.toBe("fork");
    const refused = { ...placeholder(new Uint8Array(), "no_key"), reason: "unstorable" };
    expect([isVouchedRow(refused), judgeOccupied(refused, row(one))]).toEqual([true, "ignored"]);
  });
});

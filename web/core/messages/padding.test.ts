import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEnvelope } from "../../../workers/protocol/envelope.ts";
import { paddedLength } from "../../../workers/protocol/padded-length.ts";
import { pad, unpad } from "./padding.ts";
import { type Payload, decodePayload } from "./payload.ts";
import { newRoom, send, write } from "./room.test-kit.ts";

const room = await newRoom("messages");
const { patient } = room;
describe("padding", () => {
  const bytes = fc.uint8Array({ maxLength: 5000 });

  test("M8 256, 512, 1,024, then Padme", () => {
    const sizes = [0, 256, 257, 512, 513, 1024, 1025, 1100, 5000, 65_000];
    expect(sizes.map(paddedLength)).toEqual([
      256, 256, 512, 512, 1024, 1024, 1088, 1152, 5120, 65_536,
    ]);
  });

  test("M8 costs at most 12 % above 1 KiB, and sizes never fall", () => {
    for (let length = 1025; length < 40_000; length += 7) {
      expect(paddedLength(length)).toBeLessThanOrEqual(length * 1.12);
      expect(paddedLength(length)).toBeGreaterThanOrEqual(paddedLength(length - 1));
      expect(paddedLength(paddedLength(length))).toBe(paddedLength(length));
    }
  });

  test("M8 is undone exactly, and has one form only", () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const padded = pad(content);
        expect(unpad(padded)).toEqual(content);
        expect(padded.length).toBe(paddedLength(content.length + 1));
        const longer = new Uint8Array(paddedLength(padded.length + 1));
        longer.set(padded);
        expect(() => unpad(longer)).toThrow("open_failed");
        expect(() => unpad(padded.slice(0, content.length + 1).fill(0))).toThrow("open_failed");
      }),
      { numRuns: 50 },
    );
    expect(() => unpad(new Uint8Array())).toThrow("open_failed");
  });

  test("M8 short texts of any length look alike", async () => {
    const sizes = await Promise.all(
      ["a", "a".repeat(120)].map(
        async (text) =>
          decodeEnvelope(await send(room, patient, write(room, patient, text))).ciphertext.length,
      ),
    );
    expect(sizes).toEqual([272, 272]);
    const payloads: Payload[] = [decodePayload(write(room, patient, "b").payload)];
    expect(payloads[0]?.content).toEqual({ kind: "text", text: "b" });
  });
});

import { describe, expect, test } from "vitest";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { decodeEnvelope, decodeEnvelopeHeader } from "../../../workers/protocol/envelope.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { NOW, codeOf, flipped } from "../people.test-kit.ts";
import { messageKey } from "./keys.ts";
import { openEnvelope, openEnvelopes } from "./open.ts";
import { pad } from "./padding.ts";
import { type Content, EDITS_CAP } from "./content.ts";
import { CONTENT_SAMPLES } from "./content.test-kit.ts";
import { decodePayload, digestOf, encodePayload, newMessageId } from "./payload.ts";
import {
  epochOf,
  newRoom,
  sealedAnyhow,
  send,
  senderOf,
  write,
  writeContent,
} from "./room.test-kit.ts";
import { sealEnvelope } from "./seal.ts";

const room = await newRoom("messages");
const { suite, owner, patient, together, context } = room;
const hello = write(room, patient, "hello");
const sent = await send(room, patient, hello);
const open = (bytes: Uint8Array, ctx = context, newest = 1) => openEnvelope(ctx, bytes, newest);
describe("one message", () => {
  test("M1, M2, M3 is opened by the other as it was written (positive control)", async () => {
    const result = await open(sent);
    if (!result.ok) throw new RangeError(result.reason);
    expect(result.payload).toEqual({
      prev: null,
      sentAt: NOW,
      content: { kind: "text", text: "hello" },
    });
    expect(result.digest).toEqual(hello.digest);
    expect(result.sinceRemoved).toBe(false);
  });

  test("M1 the digest is of place and payload; re-sealing changes neither", async () => {
    const again = await send(room, patient, hello);
    expect(equalBytes(again, sent)).toBe(false);
    const [a, b] = await openEnvelopes(context, [
      { bytes: sent, newest: 1 },
      { bytes: again, newest: 1 },
    ]);
    expect(a?.ok && b?.ok && equalBytes(a.digest, b.digest)).toBe(true);
    const place = {
      conversation: together.id,
      device: patient.device.id,
      deviceSeq: 1,
      messageId: hello.messageId,
    };
    expect(digestOf(place, hello.payload)).toEqual(hello.digest);
    for (const other of [
      { ...place, conversation: owner.account },
      { ...place, device: owner.device.id },
      { ...place, deviceSeq: 2 },
      { ...place, messageId: flipped(hello.messageId) },
    ]) {
      expect(digestOf(other, hello.payload)).not.toEqual(hello.digest);
    }
    expect(digestOf(place, flipped(hello.payload))).not.toEqual(hello.digest);
  });

  test("M1 the next one names the digest of the one before; a blind makes equal texts differ", () => {
    const next = write(room, patient, "hello", hello);
    expect(next.deviceSeq).toBe(2);
    expect(decodePayload(next.payload).prev).toEqual(hello.digest);
    const twin = encodePayload(suite.random, null, NOW, { kind: "text", text: "hello" });
    expect(twin).not.toEqual(hello.payload);
  });

  test("M1, E8 the salt is drawn at every call, and every salt gives another key", async () => {
    const salts = await Promise.all(
      [1, 2, 3].map(async () => decodeEnvelope(await send(room, patient, hello)).header),
    );
    const keys = salts.map((header) => messageKey(epochOf(together).secret, header).join());
    expect(new Set(keys).size).toBe(3);
    expect(new Set(salts.map((h) => decodeEnvelopeHeader(h).salt.join())).size).toBe(3);
  });

  test("M1 message ids are UUIDv7 of their time", () => {
    const id = newMessageId(suite.random, NOW);
    expect([(id[6] ?? 0) >> 4, (id[8] ?? 0) >> 6]).toEqual([7, 2]);
    expect(id.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0)).toBe(NOW);
  });

  test("M5, M1 the blobs that belong to a message are named in its header", async () => {
    const [plan] = CONTENT_SAMPLES.file;
    const { blob } = plan;
    const sender = senderOf(patient);
    const message = writeContent(room, patient, plan, null);
    const bytes = await sealEnvelope(suite.random, sender, epochOf(together), message, [blob]);
    const result = await open(bytes);
    expect(result.ok && result.header.blobIds).toEqual([blob]);
  });

  test("E4 a kind of a newer Thyme is kept, not refused", async () => {
    const plaintext = pad(
      encodeCbor({
        prev: null,
        kind: "dance",
        sentAt: NOW,
        blind: new Uint8Array(16),
        body: [1, 2],
      }),
    );
    const result = await open(await sealedAnyhow(room, patient, sent, plaintext));
    expect(result.ok && result.payload.content).toEqual({ kind: "unknown", name: "dance" });
  });

  test("M5 what is about another message is opened as it was written, and sealed like any message", async () => {
    const target = { device: patient.device.id, deviceSeq: 1, digest: hello.digest, seq: 3 };
    const edits = [{ ...target, deviceSeq: 2, seq: 4 }];
    for (const content of [
      { kind: "text", text: "yes", reply: target },
      { kind: "edit", target, text: "hello, Ana" },
      { kind: "deletion", target },
      { kind: "deletion", target, edits },
      { kind: "reaction", target, emoji: "👍" },
      { kind: "reaction", target, emoji: null },
    ] as const satisfies Content[]) {
      const bytes = await send(room, patient, writeContent(room, patient, content, hello));
      const result = await open(bytes);
      expect(result.ok && result.payload.content).toEqual(content);
      expect(new TextDecoder("latin1").decode(bytes)).not.toMatch(/hello|yes|👍/);
    }
  });

  test("M5 more edits than the cap, an empty edit and a reaction of words are refused before they are sealed", async () => {
    const target = { device: patient.device.id, deviceSeq: 1, digest: hello.digest, seq: 3 };
    const encode = (content: Content) =>
      codeOf(() => encodePayload(suite.random, null, NOW, content));
    const edits = (count: number) => Array.from({ length: count }, () => target);
    expect(await encode({ kind: "deletion", target, edits: edits(EDITS_CAP) })).toBe("none");
    expect(await encode({ kind: "deletion", target, edits: edits(EDITS_CAP + 1) })).toBe(
      "too_long",
    );
    expect(await encode({ kind: "edit", target, text: "" })).toBe("too_long");
    expect(await encode({ kind: "reaction", target, emoji: "words" })).toBe("too_long");
  });

  test("I8 a profile carries the name, sealed like any message", async () => {
    const profile = writeContent(room, patient, { kind: "profile", name: "Ana" }, null);
    const result = await open(await send(room, patient, profile));
    expect(result.ok && result.payload.content).toEqual({ kind: "profile", name: "Ana" });
    const bytes = await send(room, patient, profile);
    expect(new TextDecoder("latin1").decode(bytes)).not.toContain("Ana");
  });

  test("M8 empty and over-long texts and names are refused before they are sealed, over-long envelopes before they are sent", async () => {
    const encode = (text: string) =>
      codeOf(() => encodePayload(suite.random, null, NOW, { kind: "text", text }));
    expect(await encode("")).toBe("too_long");
    expect(await encode("x".repeat(LIMITS.text + 1))).toBe("too_long");
    expect(await encode("\u{1F957}".repeat(LIMITS.text / 2))).toBe("none");
    const name = "x".repeat(LIMITS.publicName + 1);
    const profile = () => encodePayload(suite.random, null, NOW, { kind: "profile", name });
    expect(await codeOf(profile)).toBe("too_long");
    const big = { ...hello, payload: new Uint8Array(LIMITS.envelope) };
    expect(await codeOf(() => send(room, patient, big))).toBe("too_long");
  });
});

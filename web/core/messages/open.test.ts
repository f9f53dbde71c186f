import { describe, expect, test } from "vitest";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import type { EnvelopeHeader } from "../../../workers/protocol/envelope.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { newDevice } from "../account/device.ts";
import { NOW, changed, contextOf, flipped, newPerson } from "../people.test-kit.ts";
import type { Content } from "./content.ts";
import { CONTENT_SAMPLES } from "./content.test-kit.ts";
import { isRetried, isVouched, newestBefore, openEnvelope } from "./open.ts";
import { pad } from "./padding.ts";
import {
  epochOf,
  newRoom,
  resigned,
  sealedAnyhow,
  send,
  senderOf,
  write,
  writeContent,
} from "./room.test-kit.ts";
import { sealEnvelope } from "./seal.ts";

const room = await newRoom("messages");
const { suite, owner, patient, together, alone, context } = room;
const hello = write(room, patient, "hello");
const sent = await send(room, patient, hello);
const open = (bytes: Uint8Array, ctx = context, newest = 1) => openEnvelope(ctx, bytes, newest);
const reasonOf = async (bytes: Uint8Array, ctx = context, newest = 1) => {
  const result = await open(bytes, ctx, newest);
  return result.ok ? "opened" : result.reason;
};

describe("M1, F2 the header names the file that the message has, and no other", () => {
  const [plan] = CONTENT_SAMPLES.file;
  const other = new Uint8Array(16).fill(77);
  const naming = async (content: Content, blobs: Uint8Array[]) => {
    const message = writeContent(room, patient, content, null);
    const sender = senderOf(patient);
    return reasonOf(await sealEnvelope(suite.random, sender, epochOf(together), message, blobs));
  };

  test("F2 named, it opens; a message without a file names none", async () => {
    expect(await naming(plan, [plan.blob])).toBe("opened");
    expect(await naming({ kind: "text", text: "hello" }, [])).toBe("opened");
  });

  test.each([
    ["none", plan, []],
    ["another", plan, [other]],
    ["one more", plan, [plan.blob, other]],
    ["one for a text", { kind: "text", text: "hello" } as const, [other]],
  ])("F2 refused where it names %s", async (_, content, blobs) => {
    expect(await naming(content, blobs)).toBe("open_failed");
  });
});

describe("order of checks", () => {
  const secondDevice = newDevice(suite.random);

  test("M3 a signature by another device or key is refused", async () => {
    expect(await reasonOf(flipped(sent, sent.length - 1))).toBe("bad_signature");
    const byOwner = await resigned(owner, sent, () => ({}));
    expect(await reasonOf(byOwner)).toBe("bad_signature");
    expect(await reasonOf(await resigned(patient, sent, () => ({})))).toBe("opened");
  });

  test("M3 a device that is not in the named manifest is refused", async () => {
    const stranger = await newPerson(suite);
    const bytes = await resigned(stranger, sent, ({ header }) => ({
      header: { ...header, device: stranger.device.id },
    }));
    expect(await reasonOf(bytes)).toBe("unknown_device");
  });

  test("M3 an account that is not in the roster of that bundle is refused", async () => {
    const stranger = await newPerson(suite);
    const bytes = await resigned(stranger, sent, ({ header }) => ({
      header: { ...header, account: stranger.account, device: stranger.device.id },
    }));
    const ctx = { ...context, ...contextOf(owner, patient, stranger) };
    expect(await reasonOf(bytes, ctx)).toBe("not_a_member");
    // The patient joined with bundle 1: not under bundle 0.
    const early = await resigned(patient, sent, ({ header }) => ({
      header: { ...header, n: 0, head: alone.bundles[0]?.hash ?? header.head },
    }));
    expect(await reasonOf(early, context, 0)).toBe("not_a_member");
  });

  test("C8 a manifest version above what is held is fetched first; below the roster's is refused", async () => {
    const newer = await sealEnvelope(suite.random, senderOf(patient, 2), epochOf(together), hello);
    expect(await reasonOf(newer)).toBe("manifest_needed");
    const two = await changed(suite, patient, { addDevice: secondDevice });
    expect(await reasonOf(newer, { ...context, ...contextOf(owner, two) })).toBe("opened");
    const [first, last] = together.bundles;
    if (!first || !last) throw new RangeError("no bundle");
    const roster = last.core.roster.map((entry) =>
      equalBytes(entry.account, patient.account)
        ? { ...entry, manifest: { version: 2, hash: new Uint8Array(32) } }
        : entry,
    );
    const raised = {
      ...together,
      bundles: [first, { core: { ...last.core, roster }, hash: last.hash }],
    };
    const ctx = { ...context, ...contextOf(owner, two), conversation: raised };
    expect(await reasonOf(sent, ctx)).toBe("unknown_device");
    expect(await reasonOf(newer, ctx)).toBe("opened");
  });

  test("C8 from a device since removed: opened, and marked", async () => {
    const two = await changed(suite, patient, { addDevice: secondDevice });
    const removed = await changed(suite, two, { revokeDevices: [patient.device.id] });
    const result = await open(sent, { ...context, ...contextOf(owner, removed) });
    expect(result.ok && result.sinceRemoved).toBe(true);
  });

  test("C5 another head for its n is a fork; an unknown n waits", async () => {
    const fork = await resigned(patient, sent, ({ header }) => ({
      header: { ...header, head: flipped(header.head) },
    }));
    expect(await reasonOf(fork)).toBe("fork");
    const ahead = await resigned(patient, sent, ({ header }) => ({ header: { ...header, n: 2 } }));
    expect(await reasonOf(ahead)).toBe("bundle_withheld");
  });

  test("C5 another head proves nothing unless a member's device that is live at my pin signed it", async () => {
    const other = ({ header }: { header: EnvelopeHeader }) => ({
      header: { ...header, head: flipped(header.head) },
    });
    const fork = await resigned(patient, sent, other);
    expect(await reasonOf(fork)).toBe("fork");
    expect(await reasonOf(flipped(fork, fork.length - 1))).toBe("bad_signature");
    expect(await reasonOf(await resigned(owner, sent, other))).toBe("bad_signature");
    const stranger = await newPerson(suite);
    const theirs = await resigned(stranger, sent, ({ header }) => ({
      header: { ...header, ...other({ header }).header, account: stranger.account },
    }));
    const withStranger = { ...context, ...contextOf(owner, patient, stranger) };
    expect(await reasonOf(theirs, withStranger)).toBe("not_a_member");
    const two = await changed(suite, patient, { addDevice: secondDevice });
    const gone = await changed(suite, two, { revokeDevices: [patient.device.id] });
    expect(await reasonOf(fork, { ...context, ...contextOf(owner, two) })).toBe("fork");
    expect(await reasonOf(fork, { ...context, ...contextOf(owner, gone) })).toBe("unknown_device");
  });

  test("C5 an n above all that are held is wanted where a member signed it, else it only waits", async () => {
    const above = await resigned(patient, sent, ({ header }) => ({ header: { ...header, n: 7 } }));
    expect(await reasonOf(above)).toBe("bundle_withheld");
    expect(await reasonOf(flipped(above, above.length - 1))).toBe("bad_signature");
    const stranger = await newPerson(suite);
    const theirs = await resigned(stranger, sent, ({ header }) => ({
      header: { ...header, n: 7, account: stranger.account },
    }));
    expect(await reasonOf(theirs)).toBe("bundle_needed");
  });

  test("M7 n has to be that of the newest bundle before it in seq", async () => {
    const old = await sealEnvelope(suite.random, senderOf(owner), epochOf(together, 0), hello);
    expect(await reasonOf(old, context, 0)).toBe("opened");
    expect(await reasonOf(old, context, 1)).toBe("stale_epoch");
    expect(await reasonOf(sent, context, 0)).toBe("stale_epoch");
    expect([newestBefore([1, 5, 9], 5), newestBefore([1, 5, 9], 6)]).toEqual([0, 1]);
    expect([newestBefore([1, 5, 9], 1), newestBefore([1, 5, 9], 99)]).toEqual([null, 2]);
  });

  test("M2 the commitment is compared first: it has to be of the key that the epoch gives", async () => {
    const wrong = await resigned(patient, sent, ({ envelope }) => ({
      envelope: { keyCommit: flipped(envelope.keyCommit) },
    }));
    expect(await reasonOf(wrong)).toBe("open_failed");
  });

  test("M2 another ciphertext, header or salt does not open, though well signed", async () => {
    const cipher = await resigned(patient, sent, ({ envelope }) => ({
      envelope: { ciphertext: flipped(envelope.ciphertext, 3) },
    }));
    const salt = await resigned(patient, sent, ({ header }) => ({
      header: { ...header, salt: flipped(header.salt) },
    }));
    expect([await reasonOf(cipher), await reasonOf(salt)]).toEqual(["open_failed", "open_failed"]);
  });

  test("C7 without the epoch's secret it waits", async () => {
    const erased = { ...together, epochs: new Map() };
    expect(await reasonOf(sent, { ...context, conversation: erased })).toBe("no_key");
  });

  test("M9 whatever comes is one placeholder, and only what may be cured is retried", async () => {
    for (const bytes of [new Uint8Array(), new Uint8Array([0xa0]), sent.slice(0, 100)]) {
      expect(await reasonOf(bytes)).toBe("malformed");
    }
    const other = await newRoom("another room");
    const foreign = await send(other, other.patient, write(other, other.patient, "hi"));
    expect(await reasonOf(foreign)).toBe("malformed");
    const reasons = ["bundle_needed", "bundle_withheld", "manifest_needed", "no_key"] as const;
    expect(reasons.map(isRetried)).toEqual([true, true, true, true]);
    expect(reasons.map(isVouched)).toEqual([false, true, false, true]);
    const final = [
      "malformed",
      "fork",
      "stale_epoch",
      "not_a_member",
      "unknown_device",
      "bad_signature",
      "open_failed",
    ] as const;
    expect(final.map(isRetried)).toEqual(final.map(() => false));
    const vouched = final.filter(isVouched);
    expect(vouched).toEqual(["fork", "stale_epoch", "open_failed"]);
  });

  test("M9 a well-signed payload that is no payload is one placeholder", async () => {
    const good: Record<string, unknown> = {
      prev: null,
      kind: "text",
      sentAt: NOW,
      blind: new Uint8Array(16),
      body: { text: "x" },
    };
    const bad: Uint8Array[] = [
      new Uint8Array(256),
      new Uint8Array(),
      encodeCbor(good),
      pad(encodeCbor({ ...good, body: { text: "" } })),
      pad(encodeCbor({ ...good, body: { text: "x", html: "<b>" } })),
      pad(encodeCbor({ ...good, blind: new Uint8Array(15) })),
      pad(encodeCbor({ ...good, extra: 1 })),
      pad(encodeCbor({ ...good, body: { text: "x".repeat(LIMITS.text + 1) } })),
    ];
    for (const plaintext of bad) {
      expect(await reasonOf(await sealedAnyhow(room, patient, sent, plaintext))).toBe(
        "open_failed",
      );
    }
    const control = await sealedAnyhow(room, patient, sent, pad(encodeCbor(good)));
    expect(await reasonOf(control)).toBe("opened");
  });
});

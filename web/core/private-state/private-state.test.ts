import { describe, expect, test } from "vitest";
import { concatBytes, u64 } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { newKemKey } from "../crypto/kem.ts";
import { sealRecord } from "../crypto/primitives.ts";
import { pad } from "../messages/padding.ts";
import { openLocal, sealLocal } from "../local/record.ts";
import { codeOf, flipped, seededRandom } from "../people.test-kit.ts";
import { privateKeys, privateName, sealPrivate } from "./keys.ts";
import {
  type PrivateRecord,
  checkRecordVersion,
  openPrivateRecord,
  sealPrivateRecord,
  subjectOf,
  trustedPin,
} from "./records.ts";

const random = seededRandom("private");
const [first, second] = [newKemKey(random), newKemKey(random)];
const [account, other] = [random.bytes(32), random.bytes(32)];
const keys = privateKeys(account, [first]);
const later = privateKeys(account, [first, second]);
const invite = { id: random.bytes(16), secret: random.bytes(32), expiresAt: 5 };
const records: PrivateRecord[] = [
  {
    kind: "conversation",
    conversation: random.bytes(32),
    label: "Ana M.",
    invite,
    inviter: null,
    createdAt: 1,
  },
  {
    kind: "conversation",
    conversation: random.bytes(32),
    label: "Luis",
    invite: null,
    inviter: other,
    createdAt: 1,
    flags: { pinned: true, muted: { until: null }, archived: { seq: 3, at: 9 } },
  },
  { kind: "pin", account: other, version: 3, hash: random.bytes(32) },
  { kind: "profile", name: "Dra. Ruiz" },
  { kind: "practitioner-invitation", invite, label: "Luis", createdAt: 2 },
  { kind: "draft", conversation: random.bytes(32), text: "half a sentence", at: 7 },
  { kind: "templates", list: [{ id: random.bytes(16), name: "Diary", text: "Dear {name}" }] },
];
const pin = records[2] ?? { kind: "profile", name: "" };

describe("private records", () => {
  test.each(records)("K9 $kind: sealed and opened as it was", (record) => {
    const sealed = sealPrivateRecord(random, keys, record, 0);
    expect(sealed.version).toBe(1);
    expect(openPrivateRecord(keys, sealed, sealed.value)).toEqual({ record, stale: false });
  });

  test("E8 the name is an HMAC of what the record is about: stable, and different for each", () => {
    const names = records.map((record) => privateName(keys, subjectOf(record)).join());
    expect(new Set(names).size).toBe(records.length);
    expect(privateName(keys, subjectOf(pin)).length).toBe(32);
    const sealed = sealPrivateRecord(random, keys, pin, 4);
    expect(sealed.name.join()).toBe(names[2]);
    const elsewhere = privateKeys(other, [second]);
    expect(privateName(elsewhere, subjectOf(pin)).join()).not.toBe(names[1]);
  });

  test("E8 account, name and version are bound", async () => {
    const sealed = sealPrivateRecord(random, keys, pin, 0);
    const open = (place: { name: Uint8Array; version: number }, by = keys, value = sealed.value) =>
      codeOf(() => openPrivateRecord(by, place, value));
    expect(await open(sealed)).toBe("none");
    expect(await open({ ...sealed, version: 2 })).toBe("open_failed");
    expect(await open({ ...sealed, name: flipped(sealed.name) })).toBe("open_failed");
    expect(await open(sealed, privateKeys(other, [first]))).toBe("open_failed");
    expect(await open(sealed, privateKeys(account, [second]))).toBe("open_failed");
    for (const at of [0, 7, 8, 40]) {
      expect(await open(sealed, keys, flipped(sealed.value, at))).toBe("open_failed");
    }
    expect(await open(sealed, keys, new Uint8Array(7))).toBe("open_failed");
  });

  test("E8, M8 its size says little of what is written: records are padded like messages", async () => {
    const sizeOf = (text: string) => {
      const draft = { kind: "draft" as const, conversation: account, text, at: 7 };
      return sealPrivateRecord(random, keys, draft, 0).value.length;
    };
    expect(new Set(["", "a", "half a sentence"].map(sizeOf)).size).toBe(1);
    expect(sizeOf("a".repeat(300))).toBeGreaterThan(sizeOf(""));
    const place = { name: privateName(keys, subjectOf(pin)), version: 1 };
    const aad = encodeCbor([account, place.name, place.version]);
    const key = keys.generations[0]?.value ?? account;
    const bare = concatBytes(u64(1), sealRecord(random, key, encodeCbor(pin), aad));
    expect(await codeOf(() => openPrivateRecord(keys, place, bare))).toBe("open_failed");
    const padded = concatBytes(u64(1), sealRecord(random, key, pad(encodeCbor(pin)), aad));
    expect(await codeOf(() => openPrivateRecord(keys, place, padded))).toBe("none");
  });

  test("E8 the nonce is random: the same record never gives the same bytes", () => {
    const [a, b] = [0, 0].map(() => sealPrivateRecord(random, keys, pin, 0).value.slice(8, 32));
    expect(a).not.toEqual(b);
  });

  test("K9 after a new generation: names change, old records open and are said to be stale", () => {
    const sealed = sealPrivateRecord(random, keys, pin, 0);
    const opened = openPrivateRecord(later, sealed, sealed.value);
    expect(opened).toEqual({ record: pin, stale: true });
    const renewed = sealPrivateRecord(random, later, pin, 0);
    expect(renewed.name).not.toEqual(sealed.name);
    expect(openPrivateRecord(later, renewed, renewed.value).stale).toBe(false);
  });

  test("K9 a revoked device, which has no new user key, reads nothing that is written after", async () => {
    const renewed = sealPrivateRecord(random, later, pin, 0);
    expect(await codeOf(() => openPrivateRecord(keys, renewed, renewed.value))).toBe("open_failed");
  });

  test("K6, K9 a pin counts; one of an older generation is but a hint", () => {
    const sealed = sealPrivateRecord(random, keys, pin, 0);
    const { kind: _, ...value } = pin;
    expect(trustedPin(openPrivateRecord(keys, sealed, sealed.value))).toEqual(value);
    expect(trustedPin(openPrivateRecord(later, sealed, sealed.value))).toBeNull();
    expect(trustedPin({ record: { kind: "profile", name: "" }, stale: false })).toBeNull();
  });

  test("K9 a record that another kind's or subject's name carries is refused", async () => {
    const place = { name: privateName(keys, ["pin", account]), version: 1 };
    const value = sealPrivate(random, keys, place, encodeCbor(pin));
    expect(await codeOf(() => openPrivateRecord(keys, place, value))).toBe("open_failed");
    const right = { name: privateName(keys, subjectOf(pin)), version: 1 };
    const good = sealPrivate(random, keys, right, encodeCbor(pin));
    expect(await codeOf(() => openPrivateRecord(keys, right, good))).toBe("none");
  });

  test("E4 a kind of a newer Thyme is left as it is", () => {
    const place = { name: random.bytes(32), version: 1 };
    const value = sealPrivate(random, keys, place, encodeCbor({ kind: "moon", phase: 1 }));
    expect(openPrivateRecord(keys, place, value).record).toEqual({ kind: "unknown", name: "moon" });
  });

  test("K9 malformed contents, however well sealed, are one error (E5)", async () => {
    const place = { name: random.bytes(32), version: 1 };
    const value = sealPrivate(random, keys, place, encodeCbor({ kind: "profile", name: 7 }));
    expect(await codeOf(() => openPrivateRecord(keys, place, value))).toBe("open_failed");
  });

  test("K9 a version below one already seen is refused", async () => {
    expect(await codeOf(() => checkRecordVersion(3, 2))).toBe("record_lower");
    expect(await codeOf(() => checkRecordVersion(3, 3))).toBe("none");
  });

  test("K9 nothing over the server's cap is made", async () => {
    const big = encodeCbor("x").length;
    expect(big).toBe(2);
    const long: PrivateRecord = { kind: "profile", name: "x".repeat(70_000) };
    expect(await codeOf(() => sealPrivateRecord(random, keys, long, 0))).toBe("too_long");
  });
});

describe("local records", () => {
  const key = random.bytes(32);
  const plain = random.bytes(100);

  test("K8, E8 sealed synchronously, bound to store and key", async () => {
    const sealed = sealLocal(random, key, "messages", ["c", 7], plain);
    expect(openLocal(key, "messages", ["c", 7], sealed)).toEqual(plain);
    for (const open of [
      () => openLocal(key, "bundles", ["c", 7], sealed),
      () => openLocal(key, "messages", ["c", 8], sealed),
      () => openLocal(key, "messages", "c", sealed),
      () => openLocal(random.bytes(32), "messages", ["c", 7], sealed),
      () => openLocal(key, "messages", ["c", 7], flipped(sealed, 30)),
      () => openLocal(key, "messages", ["c", 7], new Uint8Array(10)),
    ]) {
      expect(await codeOf(open)).toBe("open_failed");
    }
  });
});

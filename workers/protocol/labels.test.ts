import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { concatBytes, equalBytes, toBase64url } from "./bytes.ts";
import { accountIdOf, conversationIdOf, deviceIdOf, inviteIdOf } from "./ids.ts";
import {
  accountIdText,
  conversationIdText,
  idBytes,
  inviteIdText,
  parseAccountId,
  parseInviteId,
} from "./ids.ts";
import { PURPOSES, label } from "./labels.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const labelled = (purpose: string, ...parts: Uint8Array[]) =>
  sha256(concatBytes(utf8ToBytes(`thyme/v1/${purpose}\0`), ...parts));

test("E3 labels are unique and none is the beginning of another", () => {
  const labels = PURPOSES.map(label);
  expect(new Set(labels.map(toBase64url)).size).toBe(PURPOSES.length);
  for (const a of labels) {
    const continued = labels.filter((b) => b !== a && equalBytes(a, b.subarray(0, a.length)));
    expect(continued).toEqual([]);
  }
});

test("E3 a purpose that is not listed has no label", () => {
  expect(() => label("sign-anything" as "sign-bundle")).toThrow(RangeError);
});

test("K1 an account is the hash of its key", () => {
  expect(accountIdOf(bytes(1))).toEqual(labelled("account", bytes(1)));
});

test("K2 a device is the hash of its signing key", () => {
  expect(deviceIdOf(bytes(1))).toEqual(labelled("device", bytes(1)));
});

test("C1 a conversation is the hash of owner and nonce, untruncated", () => {
  expect(conversationIdOf(bytes(1), bytes(2))).toEqual(
    labelled("conversation", bytes(1), bytes(2)),
  );
});

test("I1 an invitation is 16 bytes of the hash of its key", () => {
  expect(inviteIdOf(bytes(1))).toEqual(labelled("invite", bytes(1)).slice(0, 16));
});

test("ids as text: only canonical base64url of the right length", () => {
  const id = accountIdText(bytes(255));
  expect(idBytes(parseAccountId(id))).toEqual(bytes(255));
  expect(() => parseAccountId(`${id.slice(0, -1)}9`)).toThrow(RangeError);
  expect(() => parseAccountId(id.slice(1))).toThrow(RangeError);
  expect(() => parseInviteId(id)).toThrow(RangeError);
  expect(() => inviteIdText(bytes(1))).toThrow(RangeError);
  expect(() => conversationIdText(new Uint8Array(16))).toThrow(RangeError);
});

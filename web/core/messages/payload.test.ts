import { expect, test } from "vitest";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { paddedLength } from "../../../workers/protocol/padded-length.ts";
import { pad, unpad } from "./padding.ts";
import { decodePayload } from "./payload.ts";

const payload = (kind: string) =>
  pad(encodeCbor({ prev: null, kind, sentAt: 1, blind: new Uint8Array(16), body: null }));

test("M1 the name of a kind has 1 to 32 characters, known or not", () => {
  const name = "k".repeat(32);
  expect(decodePayload(payload(name)).content).toEqual({ kind: "unknown", name });
  expect(decodePayload(payload("k")).content).toEqual({ kind: "unknown", name: "k" });
  expect(() => decodePayload(payload(`${name}k`))).toThrow("bad_request");
  expect(() => decodePayload(payload(""))).toThrow("bad_request");
});

test("M8 padding ends with its own mark and no other byte", () => {
  const padded = pad(Uint8Array.of(1, 2, 3));
  expect(unpad(padded)).toEqual(Uint8Array.of(1, 2, 3));
  expect(padded.length).toBe(paddedLength(4));
  for (const mark of [0x81, 0x01, 0xff]) {
    const other = padded.with(3, mark);
    expect(() => unpad(other), String(mark)).toThrow("open_failed");
  }
});

import { utf8ToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { pushHandle } from "../protocol/notifications/push-handle.ts";
import {
  PUSH_BYTES,
  PUSH_TEXT,
  pushLanguage,
  pushPayload,
} from "../protocol/notifications/push-payload.ts";
import { type PushSubject, type Reader, pushText } from "./payload.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const handle = pushHandle(bytes(1), bytes(2));
const reader: Reader = {
  language: "en",
  declarative: false,
  sound: true,
  origin: "https://thyme.example",
};
const SUBJECTS: readonly PushSubject[] = [{ kind: "message", handle }, { kind: "test" }];

test("N1 every push has one size, whatever it says, in which language and to whom", () => {
  for (const about of SUBJECTS) {
    for (const language of pushLanguage.options) {
      for (const declarative of [true, false]) {
        for (const sound of [true, false]) {
          const text = pushText({ ...reader, language, declarative, sound }, about);
          expect(utf8ToBytes(text)).toHaveLength(PUSH_BYTES);
          const { notification } = pushPayload.parse(JSON.parse(text));
          expect(notification.body).toBe(PUSH_TEXT[language][about.kind]);
          expect(notification.silent).toBe(!sound);
        }
      }
    }
  }
});

test("N1 a push names its conversation by the handle alone", () => {
  const { notification } = pushPayload.parse(
    JSON.parse(pushText(reader, { kind: "message", handle })),
  );
  expect(notification).toMatchObject({
    tag: handle,
    navigate: `https://thyme.example/n/${handle}`,
    data: { kind: "message", handle },
  });
});

test("N1 a declarative push is what Safari shows by itself, and the worker may change it", () => {
  const [about = { kind: "test" }] = SUBJECTS;
  const said = (declarative: boolean) => JSON.parse(pushText({ ...reader, declarative }, about));
  expect(said(true)).toMatchObject({ web_push: 8030, mutable: true });
  expect(said(false)).not.toHaveProperty("web_push");
});

test("N1 the handle is of account and conversation, and of nothing else", () => {
  expect(pushHandle(bytes(1), bytes(2))).toBe(handle);
  expect(handle).toHaveLength(22);
  expect(pushHandle(bytes(2), bytes(1))).not.toBe(handle);
  expect(pushHandle(bytes(1), bytes(3))).not.toBe(handle);
});

test("what does not fit is not cut", () => {
  const origin = `https://${"a".repeat(PUSH_BYTES)}.example`;
  expect(() => pushText({ ...reader, origin }, { kind: "test" })).toThrow(RangeError);
});

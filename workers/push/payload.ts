import { utf8ToBytes } from "@noble/hashes/utils.js";
import {
  PUSH_BYTES,
  PUSH_TEXT,
  type PushLanguage,
  type PushPayload,
} from "../protocol/notifications/push-payload.ts";

/** Where and how a device is told. */
export interface Reader {
  readonly language: PushLanguage;
  readonly declarative: boolean;
  readonly sound: boolean;
  /** of the app, as the device was served it */
  readonly origin: string;
}

/** What a push is about; `handle` names a conversation to the account's devices. */
export type PushSubject =
  | { readonly kind: "message"; readonly handle: string }
  | { readonly kind: "test" };

function payloadOf(
  { language, declarative, sound, origin }: Reader,
  about: PushSubject,
): PushPayload {
  const { title, [about.kind]: body } = PUSH_TEXT[language];
  const place =
    about.kind === "message"
      ? { tag: about.handle, navigate: `${origin}/n/${about.handle}` }
      : { tag: "thyme-test", navigate: `${origin}/settings` };
  const notification = { title, body, lang: language, ...place, silent: !sound, data: about };
  return declarative ? { web_push: 8030, mutable: true, notification } : { notification };
}

/** N1: what is encrypted for a device; always of PUSH_BYTES bytes. Throws RangeError if it does not fit. */
export function pushText(reader: Reader, about: PushSubject): string {
  const text = JSON.stringify(payloadOf(reader, about));
  const left = PUSH_BYTES - utf8ToBytes(text).length;
  if (left < 0) throw new RangeError("push payload");
  return text + " ".repeat(left);
}

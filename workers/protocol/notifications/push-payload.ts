import * as z from "zod/mini";
import { id16 } from "../fields.ts";

export const pushLanguage = z.enum(["en", "es"]);
export type PushLanguage = z.infer<typeof pushLanguage>;

/** N1: every push has this many bytes before it is encrypted, whatever it says. */
export const PUSH_BYTES = 1024;

/** What a notification says, by language; the client's catalogue has the same words (push-text.test.ts). */
export const PUSH_TEXT = {
  en: {
    title: "Thyme",
    message: "You have a new message",
    test: "Notifications reach this device",
  },
  es: {
    title: "Thyme",
    message: "Tienes un mensaje nuevo",
    test: "Las notificaciones llegan a este dispositivo",
  },
} as const satisfies Record<PushLanguage, { title: string; message: string; test: string }>;

const data = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("message"), handle: id16 }),
  z.object({ kind: z.literal("test") }),
]);

/**
 * What a device decrypts: JSON with spaces behind it. The members of a declarative message (WebKit's Declarative Web
 * Push), which where it is not understood are read by the service worker.
 */
export const pushPayload = z.object({
  /** only for who asked for declarative messages */
  web_push: z.optional(z.literal(8030)),
  mutable: z.optional(z.literal(true)),
  notification: z.object({
    title: z.string(),
    body: z.string(),
    lang: pushLanguage,
    /** a later one with the same tag takes its place */
    tag: z.string(),
    /** where a click leads: an address of this app */
    navigate: z.string(),
    silent: z.boolean(),
    data,
  }),
});
export type PushPayload = z.infer<typeof pushPayload>;

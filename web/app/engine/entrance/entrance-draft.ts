import * as z from "zod/mini";
import {
  bytes16,
  bytes32,
  cappedBytes,
  hmacBytes,
  kemPublic,
  time,
} from "../../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import type { Store, Writer } from "../store/store.ts";

const name = z.string().check(z.maxLength(LIMITS.publicName));

/** The link that somebody came by: its secret part is kept for as long as the draft is. */
const entranceLink = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("setup"), token: z.string().check(z.maxLength(256)) }),
  z.object({ kind: z.literal("patient"), inviter: bytes32, secret: bytes32 }),
  z.object({ kind: z.literal("practitioner"), inviter: bytes32, secret: bytes32, name }),
]);
export type EntranceLink = z.infer<typeof entranceLink>;

const unlock = z.object({ kemPub: kemPublic, proof: hmacBytes });

/** K7: how far the passkey is as an unlock method. */
const enrolment = z.discriminatedUnion("state", [
  z.object({ state: z.literal("again"), unlock, testSeal: cappedBytes(LIMITS.seal) }),
  z.object({ state: z.literal("waiting") }),
  z.object({ state: z.literal("enrolled"), unlock }),
  z.object({ state: z.literal("no-prf") }),
]);

/** K10: the passkey that waits at the server, and the secret by which it is taken. */
const parked = z.object({
  credential: z.string().check(z.maxLength(1400)),
  secret: bytes32,
  rpId: z.string().check(z.maxLength(255)),
});

export const draftStep = z.enum(["passkey", "confirm", "code"]);

/**
 * K10: an account that is being made, sealed like all that the device keeps: a reload, Back or a discarded tab goes on at
 * the same step with the same name and the same code. It holds the account seed and the code, so it lives a day at most.
 */
export const entranceDraft = z.object({
  link: entranceLink,
  name,
  notice: z.string().check(z.maxLength(32)),
  accountSeed: bytes32,
  recoverySecret: bytes16,
  step: draftStep,
  passkey: z.nullable(parked),
  enrolment,
  begunAt: time,
});
export type EntranceDraft = z.infer<typeof entranceDraft>;

const KEY = "entrance";
const LIFE_MS = LIMITS.parkedMs;

/** Writes the draft in a transaction that may hold more. */
export const keepDraftIn = (writer: Writer, draft: EntranceDraft): Promise<void> =>
  writer.put("state", KEY, entranceDraft, draft);

export const keepDraft = (store: Store, draft: EntranceDraft): Promise<void> =>
  store.write(["state"], (writer) => keepDraftIn(writer, draft));

export const dropDraft = (store: Store): Promise<void> =>
  store.write(["state"], (writer) => writer.delete("state", KEY));

/** The draft of this device, and whether its day is over. */
export async function readDraft(
  store: Store,
  now: number,
): Promise<{ readonly draft: EntranceDraft; readonly isOver: boolean } | null> {
  const draft = await store.read("state", KEY, entranceDraft);
  if (!draft) return null;
  return { draft, isOver: Math.abs(now - draft.begunAt) > LIFE_MS };
}

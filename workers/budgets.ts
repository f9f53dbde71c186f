import * as z from "zod/mini";
import { LIMITS } from "./protocol/limits.ts";

const MIB = 1024 * 1024;

/**
 * How much one account may make the server keep. Rates bound how often something is asked; these bound what stays.
 * Bytes are counted as they are stored. A day is one of UTC.
 */
const budgets = z.strictObject({
  /** of an account's private records together (K9) */
  privateBytes: z._default(z.int().check(z.positive()), 8 * MIB),
  /** manifests are kept for ever (K5), so both their number and their bytes within 24 hours count */
  manifestsADay: z._default(z.int().check(z.positive()), 50),
  manifestBytesADay: z._default(z.int().check(z.positive()), 4 * MIB),
  /** of envelopes and bundles that an account sends within a day, in all of its conversations */
  messageBytesADay: z._default(z.int().check(z.positive()), 32 * MIB),
  /** invitations of an account that somebody could still accept */
  openInvitations: z._default(z.int().check(z.positive()), 50),
  /** of one file as people know it */
  fileBytes: z._default(z.int().check(z.positive(), z.maximum(LIMITS.fileBytesMax)), 25 * MIB),
  /** of all files of a conversation, and of all conversations of their owner, as they are stored */
  conversationFileBytes: z._default(z.int().check(z.positive()), 2 * 1024 * MIB),
  accountFileBytes: z._default(z.int().check(z.positive()), 20 * 1024 * MIB),
  /** files of an account in one conversation, and of all in it, that are on their way or named by no message */
  openUploads: z._default(z.int().check(z.positive()), 32),
  openUploadsHere: z._default(z.int().check(z.positive()), 96),
  /** sessions of one device, and of an account without a device (K12); the one unseen longest ends */
  sessionsADevice: z._default(z.int().check(z.positive()), 2),
  unboundSessions: z._default(z.int().check(z.positive()), 8),
});
export type Budgets = z.infer<typeof budgets>;

/** Parses BUDGETS. Throws for malformed settings: a limit must not vanish through a typing error. */
export const parseBudgets = (text: string | undefined): Budgets =>
  budgets.parse(text ? JSON.parse(text) : {});

import * as z from "zod/mini";

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
  manifestBytesADay: z._default(z.int().check(z.positive()), MIB / 2),
  /** of envelopes and bundles that an account sends within a day, in all of its conversations */
  messageBytesADay: z._default(z.int().check(z.positive()), 32 * MIB),
  /** invitations of an account that somebody could still accept */
  openInvitations: z._default(z.int().check(z.positive()), 50),
  /** sessions of one device, and of an account without a device (K12); the one unseen longest ends */
  sessionsADevice: z._default(z.int().check(z.positive()), 2),
  unboundSessions: z._default(z.int().check(z.positive()), 8),
});
export type Budgets = z.infer<typeof budgets>;

/** Parses BUDGETS. Throws for malformed settings: a limit must not vanish through a typing error. */
export const parseBudgets = (text: string | undefined): Budgets =>
  budgets.parse(text ? JSON.parse(text) : {});

import * as z from "zod/mini";
import { id32, positive, unsigned } from "../fields.ts";
import type { Endpoint } from "./endpoint.ts";

/** Where a run stands: sessions first, then accounts by id, and of each its conversations by id. */
const place = z.strictObject({ account: id32, conversation: z.nullable(id32) });
export type RestorePlace = z.infer<typeof place>;

export const afterRestoreRequest = z.strictObject({
  pass: z.string().check(z.maxLength(128)),
  /** null: begin */
  after: z.nullable(place),
});

export const afterRestoreResult = z.object({
  /** sessions that this step ended; none may be left before accounts are visited */
  sessions: unsigned,
  accounts: unsigned,
  conversations: unsigned,
  /** log items that were written to D1 again */
  rewritten: unsigned,
  /** messages that neither D1 nor their conversation has */
  lost: z.array(z.object({ conversation: id32, from: positive, to: positive })),
  /** accounts of which conversations know a newer manifest than D1; 0: D1 has no such account */
  behind: z.array(z.object({ account: id32, has: unsigned, needs: positive })),
  /** what was out of reach: run the command again */
  failed: z.array(id32),
  /** pass it as `after`; also null while sessions are left to be ended */
  next: z.nullable(place),
  done: z.boolean(),
});
export type AfterRestoreResult = z.infer<typeof afterRestoreResult>;

export const continueOnShardRequest = z.strictObject({
  pass: z.string().check(z.maxLength(128)),
  /** the full one, and the one where history goes on */
  from: unsigned,
  to: unsigned,
  /** the last conversation of the step before; null: begin */
  after: z.nullable(id32),
});

export const continueOnShardResult = z.object({
  /** conversations whose history goes on in the other shard */
  moved: unsigned,
  /** those that were out of reach, or had used the other shard before */
  failed: z.array(id32),
  /** pass it as `after`; null: that was the last step */
  next: z.nullable(id32),
});
export type ContinueOnShardResult = z.infer<typeof continueOnShardResult>;

/** For the operator's commands; each needs a pass that only who administers the database can make. */
export const operatorEndpoints = {
  afterRestore: {
    method: "POST",
    path: "/api/operator/after-restore",
    access: "anonymous",
    limit: "address",
    body: afterRestoreRequest,
    result: afterRestoreResult,
  },
  continueOnShard: {
    method: "POST",
    path: "/api/operator/continue-on-shard",
    access: "anonymous",
    limit: "address",
    body: continueOnShardRequest,
    result: continueOnShardResult,
  },
} as const satisfies Record<string, Endpoint>;

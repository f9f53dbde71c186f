import * as z from "zod/mini";
import { positive, unsigned } from "../fields.ts";
import type { Endpoint } from "./endpoint.ts";

export const setupView = z.object({
  /** a setup link makes an administrator now (I7) */
  needed: z.boolean(),
  /** there is none yet */
  first: z.boolean(),
});
export const healthView = z.object({
  ok: z.literal(true),
  protocol: positive,
  /** conversations whose background work fails, and since when the first does (ms since 1970); null: D1 is away */
  behind: z.nullable(z.object({ conversations: unsigned, since: z.nullable(unsigned) })),
});

/** The deployment itself. */
export const systemEndpoints = {
  health: {
    method: "GET",
    path: "/api/health",
    access: "anonymous",
    limit: "address",
    result: healthView,
  },
  setup: {
    method: "GET",
    path: "/api/setup",
    access: "anonymous",
    limit: "attempt",
    result: setupView,
  },
} as const satisfies Record<string, Endpoint>;

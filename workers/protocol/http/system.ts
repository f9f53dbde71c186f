import * as z from "zod/mini";
import { positive } from "../fields.ts";
import type { Endpoint } from "./endpoint.ts";

export const setupView = z.object({
  /** a setup link makes an administrator now (I7) */
  needed: z.boolean(),
  /** there is none yet */
  first: z.boolean(),
});
export const healthView = z.object({ ok: z.literal(true), protocol: positive });

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

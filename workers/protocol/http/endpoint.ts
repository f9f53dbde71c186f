import * as z from "zod/mini";

export const accountRole = z.enum(["administrator", "practitioner", "patient"]);
export type AccountRole = z.infer<typeof accountRole>;

/** Who may call: nobody signed in is needed, a session, or a session bound to a device (K12). */
export type Access = "anonymous" | "session" | "device";

export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Hono and OpenAPI agree on this but for `:name` against `{name}` */
  readonly path: string;
  readonly access: Access;
  /** only these roles; others get not_found */
  readonly roles?: readonly AccountRole[];
  readonly query?: readonly string[];
  readonly body?: z.ZodMiniType;
  readonly result: z.ZodMiniType;
}

/** The answer of what only had to be done. */
export const empty = z.object({});

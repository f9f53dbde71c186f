import * as z from "zod/mini";

export const accountRole = z.enum(["administrator", "practitioner", "patient"]);
export type AccountRole = z.infer<typeof accountRole>;

/** Of strangers, by address and route: `attempt` where secrets could be tried out or rows be made, else `address`. */
export type AddressLimit = "attempt" | "address";

/** Of accounts, before anything is looked up; `costly`: what asks many objects or makes what stays. */
export type AccountLimit = "read" | "write" | "costly";

export type Limit = AddressLimit | AccountLimit;

/** A body that is bytes and no JSON: a request's of a length that it declares. It is passed on and never held whole. */
export type Octets = "octets";

interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Hono and OpenAPI agree on this but for `:name` against `{name}` */
  readonly path: string;
  /** only these roles; others get not_found */
  readonly roles?: readonly AccountRole[];
  readonly query?: readonly string[];
  readonly body?: z.ZodMiniType | Octets;
  readonly result: z.ZodMiniType | Octets;
}

/**
 * Who may call: nobody signed in is needed, a session, or a session bound to a device (K12). How often they may is
 * declared beside it, or the route does not compile.
 */
export type Endpoint = Route &
  (
    | { readonly access: "anonymous"; readonly limit: AddressLimit }
    | { readonly access: "session" | "device"; readonly limit: AccountLimit }
  );

/** The answer of what only had to be done. */
export const empty = z.object({});

import type * as z from "zod/mini";
import type { OctetBody } from "./octets.ts";
import type { ENDPOINTS, EndpointName } from "../protocol/http/endpoints.ts";
import type { AccountRole } from "../protocol/http/endpoint.ts";
import type { AccountId, ConversationId, DeviceId } from "../protocol/ids.ts";

/** Who is asking, as the session cookie says. */
export interface Caller {
  readonly account: AccountId;
  readonly role: AccountRole;
  /** null until the session is bound (K12) */
  readonly device: DeviceId | null;
  /** id of the session: not secret, and the same before and after its token is rotated */
  readonly session: string;
  /** of the cookie's token */
  readonly hash: string;
  /** when the session ends unless it is used again, in milliseconds since 1970 */
  readonly expiresAt: number;
}

/** What a cookie says that the Worker once made; its session may have ended since. */
export interface Claimed {
  readonly token: Uint8Array;
  readonly account: AccountId;
}

/** A caller whose session is bound to a device. */
export type BoundCaller = Caller & { readonly device: DeviceId };

/** Who is asking, in two steps with the rate limit between them. */
export interface Authenticate {
  /** what the cookie claims; forged ones end here, without a look at D1 */
  readonly claimed: (env: Cloudflare.Env, request: Request) => Claimed | null;
  /** whose session it is, or null; may renew it and its cookie in the answer's headers (K12) */
  readonly find: (
    asking: {
      readonly env: Cloudflare.Env;
      readonly request: Request;
      readonly headers: Headers;
      readonly now: number;
    },
    claimed: Claimed,
  ) => Promise<Caller | null>;
}

type Definition<Name extends EndpointName> = (typeof ENDPOINTS)[Name];

type CallerOf<Name extends EndpointName> = Definition<Name>["access"] extends "device"
  ? BoundCaller
  : Definition<Name>["access"] extends "session"
    ? Caller
    : Caller | null;

type BodyOf<Name extends EndpointName> =
  Definition<Name> extends { readonly body: infer Body }
    ? Body extends z.ZodMiniType
      ? z.infer<Body>
      : OctetBody
    : null;

type ResultIn<Definition> = Definition extends {
  readonly result: infer Schema extends z.ZodMiniType;
}
  ? z.infer<Schema>
  : never;

/** What is answered in JSON; never, where bytes are. */
export type ResultOf<Name extends EndpointName> = ResultIn<Definition<Name>>;

/** Bytes are answered by a response of the handler's own, with the headers that serve.ts gives to every answer. */
type AnswerOf<Name extends EndpointName> = Definition<Name>["result"] extends "octets"
  ? Response
  : ResultOf<Name>;

/** One validated request. Handlers refuse by throwing ProtocolError. */
export interface Call<Name extends EndpointName> {
  readonly env: Cloudflare.Env;
  readonly caller: CallerOf<Name>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: BodyOf<Name>;
  readonly request: Request;
  /** milliseconds since 1970 */
  readonly now: number;
  /** client address, for rate limits only; never stored */
  readonly address: string;
  /** headers of the response, for cookies */
  readonly headers: Headers;
  /** keeps the Worker alive until settled */
  readonly defer: (work: Promise<unknown>) => void;
}

export type Handler<Name extends EndpointName> = (call: Call<Name>) => Promise<AnswerOf<Name>>;

/** Handlers of one folder; workers/http/app.ts merges the folders and a test sees that none is missing. */
export type Routes = { readonly [Name in EndpointName]?: Handler<Name> };

/** A WebSocket upgrade whose Origin and bound session have been checked. */
export interface UpgradeCall {
  readonly env: Cloudflare.Env;
  readonly caller: BoundCaller;
  readonly request: Request;
}

/** The sockets; workers/conversation exports them as `upgrades`. They refuse by throwing ProtocolError. */
export interface Upgrades {
  /** GET /ws/conversation/:conversation */
  readonly conversation: (
    call: UpgradeCall & { readonly conversation: ConversationId },
  ) => Promise<Response>;
  /** GET /ws/inbox */
  readonly inbox: (call: UpgradeCall) => Promise<Response>;
}

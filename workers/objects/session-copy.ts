import type { BoundCaller } from "../http/route.ts";
import type { AccountRole } from "../protocol/http/endpoint.ts";
import type { DeviceId } from "../protocol/ids.ts";

/** What an Inbox keeps of a bound session of its account, so that its sockets come back while D1 is away (K12). */
export interface SessionCopy {
  readonly session: string;
  /** of the cookie's token */
  readonly hash: string;
  readonly device: DeviceId;
  readonly role: AccountRole;
  readonly expiresAt: number;
}

export const copyOf = ({ session, hash, device, role, expiresAt }: BoundCaller): SessionCopy => {
  return { session, hash, device, role, expiresAt };
};

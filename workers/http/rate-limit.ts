import { ProtocolError } from "../protocol/errors.ts";
import type { EndpointName } from "../protocol/http/endpoints.ts";
import type { AccountLimit, AddressLimit, Limit } from "../protocol/http/endpoint.ts";
import type { AccountId } from "../protocol/ids.ts";

/** Period of the bindings in wrangler.toml. */
const PERIOD_MS = 60_000;

/** IPv6 customers hold a /64 at least, so that is one address. */
export function addressGroup(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  if (tail === undefined) return left.slice(0, 4).join(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}

/** Rate and period of each are configured in wrangler.toml. */
function bindingOf(env: Cloudflare.Env, limit: Limit): RateLimit {
  switch (limit) {
    case "attempt":
      return env.AUTH_LIMIT;
    case "address":
      return env.ADDRESS_LIMIT;
    case "read":
      return env.READ_LIMIT;
    case "write":
      return env.WRITE_LIMIT;
    case "costly":
      return env.COSTLY_LIMIT;
  }
}

async function limitBy(env: Cloudflare.Env, limit: Limit, key: string): Promise<void> {
  const { success } = await bindingOf(env, limit).limit({ key });
  if (!success) throw new ProtocolError("rate_limited", limit, PERIOD_MS);
}

/** Throws `rate_limited` when this address has called this route too often. */
export const limitAddress = (
  env: Cloudflare.Env,
  limit: AddressLimit,
  name: EndpointName,
  address: string,
): Promise<void> => limitBy(env, limit, `${name} ${addressGroup(address)}`);

/** Throws `rate_limited` when this account has called too often; of one limit, all routes count together. */
export const limitAccount = (
  env: Cloudflare.Env,
  limit: AccountLimit,
  account: AccountId,
): Promise<void> => limitBy(env, limit, account);

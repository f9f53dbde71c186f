import { ProtocolError } from "../protocol/errors.ts";
import type { EndpointName } from "../protocol/http/endpoints.ts";

/** Period of the AUTH_LIMIT binding in wrangler.toml. */
const PERIOD_MS = 60_000;

/** What strangers may try only so often. Rate and period are configured in wrangler.toml. */
const LIMITED: ReadonlySet<EndpointName> = new Set([
  "challenge",
  "createAccount",
  "passkeySession",
  "recoverySession",
  "deviceSession",
  "invitation",
]);

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

/** Throws `rate_limited` when this address has called this route too often. */
export async function limitRate(
  env: Cloudflare.Env,
  name: EndpointName,
  address: string,
): Promise<void> {
  if (!LIMITED.has(name)) return;
  const { success } = await env.AUTH_LIMIT.limit({ key: `${name} ${addressGroup(address)}` });
  if (!success) throw new ProtocolError("rate_limited", name, PERIOD_MS);
}

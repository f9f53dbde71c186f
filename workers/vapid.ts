import * as z from "zod/mini";
import { base64url, base64urlOf } from "./protocol/fields.ts";

/** Hosts that nobody can be reached at: Apple's push service refuses a subject of them. */
const NOWHERE = /(^|\.)(localhost|local|invalid|test|internal)$/;

/** The address in it; null if it is none by which a push service could reach somebody. */
export function addressIn(subject: string): string | null {
  const [, address = ""] = /^mailto:([^\s@<>?]+@[a-z0-9.-]+)$/i.exec(subject) ?? [];
  const host = address.split("@")[1]?.toLowerCase() ?? "";
  const isName = /^([a-z0-9-]+\.)+[a-z]{2,}$/.test(host) && !NOWHERE.test(host);
  return isName ? address : null;
}

/** The secrets of RFC 8292, all of them or none. The library that signs knows no subject but `mailto:`. */
export const vapidVariables = z.object({
  publicKey: base64urlOf(65),
  /** PKCS #8 */
  privateKey: base64url(256).check(z.minLength(1)),
  subject: z
    .string()
    .check(
      z.refine(
        (text) => addressIn(text) !== null,
        "a real address, such as mailto:you@thyme.example",
      ),
    ),
});

export interface Vapid {
  readonly publicKey: string;
  readonly privateKey: string;
  /** without `mailto:` */
  readonly email: string;
}

export const vapidOf = (found: z.infer<typeof vapidVariables>): Vapid => ({
  publicKey: found.publicKey,
  privateKey: found.privateKey,
  email: addressIn(found.subject) ?? "",
});

import * as z from "zod/mini";
import { fromBase64url, toBase64url } from "../../../workers/protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { bytes32 } from "../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import { CoreError } from "../errors.ts";

/** I1: what the fragment of a link holds. It never reaches a server. */
export type InviteLink =
  | { readonly kind: "patient"; readonly inviter: Uint8Array; readonly secret: Uint8Array }
  | {
      readonly kind: "practitioner";
      readonly inviter: Uint8Array;
      readonly secret: Uint8Array;
      /** suggested public name; may be empty */
      readonly name: string;
    };

const CAP = 1024;
const name = z.string().check(z.maxLength(LIMITS.publicName));
/** A list, since a link is also a QR code: [v, kind, inviter, secret] and for practitioners a name. */
const patient = z.tuple([z.literal(PROTOCOL_VERSION), z.literal(0), bytes32, bytes32]);
const practitioner = z.tuple([z.literal(PROTOCOL_VERSION), z.literal(1), bytes32, bytes32, name]);
const known = z.union([patient, practitioner]);
const versioned = z.array(z.unknown()).check(z.minLength(1));

/** The fragment, without `#`. Throws CoreError `too_long` for a name over its cap. */
export function encodeLink(link: InviteLink): string {
  switch (link.kind) {
    case "patient":
      return toBase64url(encodeCbor([PROTOCOL_VERSION, 0, link.inviter, link.secret]));
    case "practitioner":
      if (link.name.length > LIMITS.publicName) throw new CoreError("too_long", "name");
      return toBase64url(encodeCbor([PROTOCOL_VERSION, 1, link.inviter, link.secret, link.name]));
  }
}

/** Inverse of {@link encodeLink}. Throws CoreError `bad_link`, or `unsupported_version` (E4). */
export function decodeLink(fragment: string): InviteLink {
  let bytes: Uint8Array;
  let version: unknown;
  try {
    bytes = fromBase64url(fragment.replace(/^#/, ""));
    [version] = decodeCbor(bytes, versioned, CAP);
  } catch {
    throw new CoreError("bad_link");
  }
  if (typeof version === "number" && version > PROTOCOL_VERSION) {
    throw new CoreError("unsupported_version", "link");
  }
  try {
    const [, kind, inviter, secret, suggested] = decodeCbor(bytes, known, CAP);
    return kind === 0
      ? { kind: "patient", inviter, secret }
      : { kind: "practitioner", inviter, secret, name: suggested };
  } catch {
    throw new CoreError("bad_link");
  }
}

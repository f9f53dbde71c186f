import { concatBytes, prefixed } from "../../../workers/protocol/bytes.ts";
import { label } from "../../../workers/protocol/labels.ts";
import { hkdfExpand, sha256 } from "../crypto/primitives.ts";

/** M2: the key of one envelope; the salt in O makes it the key of one text only (E8). */
export function messageKey(epochSecret: Uint8Array, header: Uint8Array): Uint8Array {
  const bound = sha256(concatBytes(label("message-header"), prefixed(header)));
  return hkdfExpand(epochSecret, concatBytes(label("message"), bound), 32);
}

/** M2: commits to the key, since the cipher alone does not. */
export const messageKeyCommit = (key: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("commit"), key));

import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "./bytes.ts";
import { label } from "./labels.ts";

/** K4, K11: what the server keeps of the recovery code's proof. */
export const recoveryAuthHash = (auth: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("recovery-auth-hash"), auth));

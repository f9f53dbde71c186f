import { verifyHistory } from "../../../core/account/verify-history.ts";
import { chooseEd25519 } from "../../../core/crypto/ed25519.ts";
import { kemKey } from "../../../core/crypto/kem.ts";
import { createReceiver } from "../log/receive.ts";

/** One chunk and one fetch: whoever needs one of these is about to need the others. */
export { chooseEd25519, createReceiver, kemKey, verifyHistory };

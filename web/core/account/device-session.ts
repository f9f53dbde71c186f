import { deviceSessionBytes } from "../../../workers/protocol/invitation.ts";
import type { Signer } from "../crypto/ed25519.ts";

/** K12: the device's answer to a challenge; it binds or renews a session. */
export const signDeviceSession = (
  signer: Signer,
  account: Uint8Array,
  challenge: Uint8Array,
): Promise<Uint8Array> =>
  signer.sign("sign-device-session", deviceSessionBytes(account, challenge));

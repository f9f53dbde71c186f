import type { PendingEntry } from "../../../workers/protocol/bundle.ts";
import { inviteIdOf } from "../../../workers/protocol/ids.ts";
import { claimBytes } from "../../../workers/protocol/invitation.ts";
import { label } from "../../../workers/protocol/labels.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { ed25519PublicKey } from "../crypto/ed25519.ts";
import { type KemKey, kemKey } from "../crypto/kem.ts";
import { type Random, hkdf } from "../crypto/primitives.ts";
import type { Suite } from "../crypto/suite.ts";

/** I1: what the secret of a link gives. */
export interface InviteKeys {
  readonly id: Uint8Array;
  readonly signSeed: Uint8Array;
  readonly signPub: Uint8Array;
  readonly kem: KemKey;
}

export const newInviteSecret = (random: Random): Uint8Array => random.bytes(32);

export function inviteKeys(secret: Uint8Array): InviteKeys {
  const signSeed = hkdf(secret, label("invite-sign"), 32);
  const signPub = ed25519PublicKey(signSeed);
  return {
    id: inviteIdOf(signPub),
    signSeed,
    signPub,
    kem: kemKey(hkdf(secret, label("invite-kem"), 32)),
  };
}

/** I2, I4: the pending entry of an invitation made now. */
export const pendingEntry = (
  keys: InviteKeys,
  now: number,
  lifetimeMs: number = LIMITS.invitationMs,
): PendingEntry => ({
  signPub: keys.signPub,
  kemPub: keys.kem.publicKey,
  role: "member",
  expiry: now + lifetimeMs,
});

/** I6: the invite key's signature that this account may claim the invitation. */
export async function signClaim(
  suite: Suite,
  keys: InviteKeys,
  account: Uint8Array,
): Promise<Uint8Array> {
  const signer = await suite.ed25519.signer(keys.signSeed);
  return signer.sign("sign-claim", claimBytes(keys.id, account));
}

import { type AccountId, accountIdText } from "../../../workers/protocol/ids.ts";
import type { AccountRole } from "../../../workers/protocol/http.ts";
import type { DeviceKeys } from "../../core/account/device.ts";
import type { UserKeys } from "../../core/account/seals.ts";
import { type Signer, ed25519PublicKey } from "../../core/crypto/ed25519.ts";
import { kemKey } from "../../core/crypto/kem.ts";
import type { Suite } from "../../core/crypto/suite.ts";
import type { IdentityRecord } from "./records.ts";

/** This device of this account, with the secrets that it may hold (K2, K3). */
export interface Identity {
  readonly account: Uint8Array;
  readonly id: AccountId;
  readonly role: AccountRole;
  readonly name: string;
  readonly device: DeviceKeys;
  readonly signer: Signer;
  readonly userKeys: UserKeys;
}

export const IDENTITY_KEY = "identity";

export async function restoreIdentity(suite: Suite, record: IdentityRecord): Promise<Identity> {
  const { account, device, signSeed, kemSeed, userSeeds, role, name } = record;
  return {
    account,
    id: accountIdText(account),
    role,
    name,
    device: { id: device, signSeed, signPub: ed25519PublicKey(signSeed), kem: kemKey(kemSeed) },
    signer: await suite.ed25519.signer(signSeed),
    userKeys: userSeeds.map((seed) => kemKey(seed)),
  };
}

export const identityRecordOf = (
  account: Uint8Array,
  device: DeviceKeys,
  userKeys: UserKeys,
  about: { readonly role: AccountRole; readonly name: string; readonly bound: boolean },
): IdentityRecord => ({
  account,
  device: device.id,
  signSeed: device.signSeed,
  kemSeed: device.kem.seed,
  userSeeds: userKeys.map((key) => key.seed),
  ...about,
});

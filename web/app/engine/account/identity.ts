import { type AccountId, accountIdText } from "../../../../workers/protocol/ids.ts";
import type { AccountRole } from "../../../../workers/protocol/http/endpoint.ts";
import type { DeviceKeys } from "../../../core/account/device.ts";
import type { Signer } from "../../../core/crypto/ed25519.ts";
import type { KemSecret } from "../../../core/crypto/kem.ts";
import type { Suite } from "../../../core/crypto/suite.ts";
import { lazily } from "../../../platform/lazily.ts";
import { type IdentityRecord, identityRecord } from "../store/records.ts";
import type { Store, Writer } from "../store/store.ts";
import { PREPARED_KEY } from "./prepared-manifest.ts";

/** What this device keeps of its own keys: the others are derived from it. */
type DeviceSecrets = Pick<DeviceKeys, "id" | "signSeed"> & { readonly kem: KemSecret };

/** This device of this account, with the secrets that it may hold (K2, K3). */
export interface Identity {
  readonly account: Uint8Array;
  readonly id: AccountId;
  readonly role: AccountRole;
  readonly name: string;
  readonly device: DeviceSecrets;
  readonly signer: Signer;
  /** of every generation, the first at index 0 */
  readonly userKeys: readonly KemSecret[];
}

export const IDENTITY_KEY = "identity";

/** The signer is made with the first signature: showing what is stored needs none. */
export function restoreIdentity(suite: Suite, record: IdentityRecord): Identity {
  const { account, device, signSeed, kemSeed, userSeeds, role, name } = record;
  const signer = lazily(() => suite.ed25519.signer(signSeed));
  return {
    account,
    id: accountIdText(account),
    role,
    name,
    device: { id: device, signSeed, kem: { seed: kemSeed } },
    signer: { sign: async (purpose, bytes) => (await signer()).sign(purpose, bytes) },
    userKeys: userSeeds.map((seed) => ({ seed })),
  };
}

export const identityRecordOf = (
  account: Uint8Array,
  device: DeviceSecrets,
  userKeys: readonly KemSecret[],
  about: { readonly role: AccountRole; readonly name: string; readonly bound: boolean },
): IdentityRecord => ({
  account,
  device: device.id,
  signSeed: device.signSeed,
  kemSeed: device.kem.seed,
  userSeeds: userKeys.map((key) => key.seed),
  ...about,
});

/**
 * Whose session is bound and whose manifest is pinned: the next start works as this one, and what was prepared is done
 * with (A1). The transaction has the store "state" open.
 */
export async function putIdentity(
  writer: Writer,
  { account, device, userKeys, role, name }: Identity,
): Promise<void> {
  const record = identityRecordOf(account, device, userKeys, { role, name, bound: true });
  await writer.put("state", IDENTITY_KEY, identityRecord, record);
  await writer.delete("state", PREPARED_KEY);
}

/** As {@link putIdentity}, in a transaction of its own. */
export const keepIdentity = (store: Store, identity: Identity): Promise<void> =>
  store.write(["state"], (writer) => putIdentity(writer, identity));

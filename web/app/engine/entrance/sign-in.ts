import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { Assertion, SessionView } from "../../../../workers/protocol/http/sessions.ts";
import { deviceIdText } from "../../../../workers/protocol/ids.ts";
import type { SignedManifest } from "../../../../workers/protocol/manifest.ts";
import { findDevice } from "../../../../workers/protocol/manifest-rules.ts";
import { addDevice } from "../../../core/account/add-device.ts";
import {
  parseRecoveryCode,
  recoveryProof,
  recoveryUnlockKey,
} from "../../../core/crypto/recovery-code.ts";
import { PRF_SALT, type UnlockKey, prfUnlockKey } from "../../../core/crypto/unlock.ts";
import { CoreError } from "../../../core/errors.ts";
import { privateKeys } from "../../../core/private-state/keys.ts";
import type { Deps } from "../store/deps.ts";
import {
  IDENTITY_KEY,
  type Identity,
  identityRecordOf,
  restoreIdentity,
} from "../account/identity.ts";
import { type IdentityRecord, identityRecord } from "../store/records.ts";
import { loadPrivateRecords } from "../private/private-records.ts";
import { bindSession } from "../account/session.ts";
import { PREPARED_KEY, holds, preparedRecord } from "../account/prepared-manifest.ts";
import { beginDevice } from "./carry-over.ts";
import { type OwnAccount, openOwnAccount } from "./own-account.ts";

/**
 * K13: a device that signs in. What an earlier one stored here is removed once the account is open, but for what
 * the same account wrote and had not sent.
 */
export interface SignIn {
  challenge(): Promise<{ challenge: string; rpId: string; salt: Uint8Array }>;
  /** null: the passkey signs in but cannot open the history here (K7) */
  withPasskey(credential: Assertion, prf: Uint8Array | null): Promise<SignedIn | null>;
  withCode(code: string): Promise<SignedIn>;
}

export interface SignedIn {
  readonly identity: Identity;
  readonly chain: readonly SignedManifest[];
  /** whether another device had to make room (K2): to be said */
  readonly madeRoom: boolean;
}

const TRIES = 5;

/** When each device was last seen, by the account's sessions (K2). */
async function lastSeen({ api }: Deps): Promise<(device: Uint8Array) => number | null> {
  const { sessions } = await api.call("sessions");
  return (device) => {
    const id = deviceIdText(device);
    const times = sessions.filter((s) => s.device === id).map((s) => s.lastSeenAt);
    return times.length > 0 ? Math.max(...times) : null;
  };
}

/** The own account, asked for again while other devices change it. */
async function settledAccount(
  deps: Deps,
  session: SessionView,
  key: UnlockKey,
): Promise<OwnAccount> {
  for (let tries = 1; ; tries++) {
    try {
      return await openOwnAccount(deps, session, key);
    } catch (error) {
      const stale = error instanceof ProtocolError && error.code === "stale_version";
      if (!stale || tries >= TRIES) throw error;
    }
  }
}

/** A device whose keys are kept here is the account's already: binding is all that is left. */
async function bound(
  deps: Deps,
  record: IdentityRecord,
  chain: readonly SignedManifest[],
  madeRoom: boolean,
): Promise<SignedIn> {
  const identity = restoreIdentity(deps.suite, record);
  await bindSession(deps.api, identity);
  const name = await ownName(deps, identity);
  return { identity: { ...identity, name }, chain, madeRoom };
}

/** A1: keys of a device that sent its manifest and heard no answer, where the account has that manifest after all. */
async function preparedDevice(
  { store }: Deps,
  { account, chain, head, unlocked }: OwnAccount,
): Promise<IdentityRecord | null> {
  const held = await store.read("state", IDENTITY_KEY, identityRecord);
  const prepared = await store.read("state", PREPARED_KEY, preparedRecord);
  const isIt = held && prepared && equalBytes(held.account, account) && holds(chain, prepared);
  // Another device may have ended it since.
  if (!isIt || !findDevice(head.core, held.device)) return null;
  // The seeds are those of the manifest that was shown now.
  return { ...held, userSeeds: unlocked.userKeys.map((one) => one.seed) };
}

/** Adds this device to the account: manifest v + 1, then bind (K13, A1). */
async function enrol(deps: Deps, session: SessionView, key: UnlockKey): Promise<SignedIn> {
  const { api, store, suite } = deps;
  for (let tries = 1; ; tries++) {
    const own = await settledAccount(deps, session, key);
    const { account, chain, head, unlocked, departed } = own;
    const waiting = await preparedDevice(deps, own);
    if (waiting) return bound(deps, waiting, chain, false);
    const known = { lastSeen: await lastSeen(deps), departed };
    const added = await addDevice(suite, head, unlocked, known, deps.now());
    const { device, prepared } = added;
    const about = { role: session.role, name: "", bound: false };
    // Only now, when the account is open: a wrong code or a lost network must not cost what is stored here.
    const record = identityRecordOf(account, device, prepared.userKeys, about);
    await beginDevice(store, record, prepared);
    try {
      await api.call("putAccount", {
        body: {
          manifestCbor: toBase64url(encodeCbor(prepared.signed)),
          sealsCbor: toBase64url(prepared.seals),
        },
      });
    } catch (error) {
      const stale = error instanceof ProtocolError && error.code === "stale_version";
      if (!stale || tries >= TRIES) throw error;
      continue;
    }
    return bound(deps, record, [...chain, prepared.signed], added.revoked !== null);
  }
}

/** The name that this person signs, from private state (K9). */
export async function ownName(deps: Deps, identity: Identity): Promise<string> {
  const records = await loadPrivateRecords(deps, privateKeys(identity.account, identity.userKeys));
  await records.sync();
  return records.find("profile", () => true)?.name ?? "";
}

export function createSignIn(deps: Deps): SignIn {
  const { api } = deps;
  return {
    async challenge() {
      const answer = await api.call("challenge", { body: { purpose: "authenticate" } });
      return { ...answer, salt: PRF_SALT };
    },
    async withPasskey(passkey, prf) {
      const session = await api.call("passkeySession", { body: { passkey } });
      // K4: the passkey itself says whose it is; a session of another account is the server's invention.
      if (session.account !== passkey.response.userHandle) {
        throw new CoreError("account_substituted", "session of another account than the passkey's");
      }
      if (!prf) return null;
      try {
        return await enrol(deps, session, prfUnlockKey(prf));
      } catch (error) {
        // Platforms differ over PRF (hybrid transport): the code opens what this output does not.
        if (error instanceof CoreError && error.code === "open_failed") return null;
        throw error;
      }
    },
    async withCode(code) {
      const secret = parseRecoveryCode(code);
      const { id, auth } = recoveryProof(secret);
      const session = await api.call("recoverySession", {
        body: { id: toBase64url(id), auth: toBase64url(auth) },
      });
      return enrol(deps, session, recoveryUnlockKey(secret));
    },
  };
}

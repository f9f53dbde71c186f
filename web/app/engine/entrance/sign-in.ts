import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { equalBytes, fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { Assertion, SessionView } from "../../../../workers/protocol/http/sessions.ts";
import { deviceIdText } from "../../../../workers/protocol/ids.ts";
import {
  type SignedManifest,
  decodeSignedManifest,
} from "../../../../workers/protocol/manifest.ts";
import { headOf } from "../../../core/account/history.ts";
import { addDevice } from "../../../core/account/manifest.ts";
import { type Unlocked, openUnlockSeal } from "../../../core/account/seals.ts";
import { verifyHistory } from "../../../core/account/verify-history.ts";
import type { KemKey } from "../../../core/crypto/kem.ts";
import {
  parseRecoveryCode,
  recoveryProof,
  recoveryUnlockKey,
} from "../../../core/crypto/recovery-code.ts";
import { PRF_SALT, prfUnlockKey } from "../../../core/crypto/unlock.ts";
import { CoreError } from "../../../core/errors.ts";
import { privateKeys } from "../../../core/private-state/keys.ts";
import type { Deps } from "../store/deps.ts";
import { type Identity, identityRecordOf, restoreIdentity } from "../account/identity.ts";
import { fetchManifests } from "../wire/manifest-pages.ts";
import { loadPrivateRecords } from "../private/private-records.ts";
import { bindSession } from "../account/session.ts";
import { beginDevice } from "./carry-over.ts";

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
}

const TRIES = 5;

/** The newest manifest and seals of the session's account, verified from version 1 (K5). */
async function ownAccount({ api, suite }: Deps, session: SessionView) {
  const account = fromBase64url(session.account);
  const [view, chain] = await Promise.all([
    api.call("account"),
    fetchManifests(api, { own: true }, 1),
  ]);
  const history = await verifyHistory(suite.ed25519.verifier, account, chain, null, null);
  const shown = decodeSignedManifest(fromBase64url(view.manifestCbor));
  const newest = chain.at(-1);
  if (!newest || !equalBytes(newest.core, shown.core)) throw new CoreError("manifest_forked");
  return { account, chain, head: headOf(history), seals: fromBase64url(view.sealsCbor) };
}

/** When each device was last seen, by the account's sessions (K2). */
async function lastSeen({ api }: Deps): Promise<(device: Uint8Array) => number | null> {
  const { sessions } = await api.call("sessions");
  return (device) => {
    const id = deviceIdText(device);
    const times = sessions.filter((s) => s.device === id).map((s) => s.lastSeenAt);
    return times.length > 0 ? Math.max(...times) : null;
  };
}

/** Adds this device to the account: manifest v + 1, then bind (K13, A1). */
async function enrol(deps: Deps, session: SessionView, key: KemKey): Promise<SignedIn> {
  const { api, store, suite } = deps;
  for (let tries = 1; ; tries++) {
    const { account, chain, head, seals } = await ownAccount(deps, session);
    const unlocked: Unlocked = openUnlockSeal(head.core, seals, key);
    const seen = await lastSeen(deps);
    const { device, prepared } = await addDevice(suite, head, unlocked, seen, deps.now());
    const about = { role: session.role, name: "", bound: false };
    // Only now, when the account is open: a wrong code or a lost network must not cost what is stored here.
    const record = identityRecordOf(account, device, prepared.userKeys, about);
    await beginDevice(store, record);
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
    const identity = restoreIdentity(suite, record);
    await bindSession(api, identity);
    const name = await ownName(deps, identity);
    return { identity: { ...identity, name }, chain: [...chain, prepared.signed] };
  }
}

/** The name that this person signs, from private state (K9). */
async function ownName(deps: Deps, identity: Identity): Promise<string> {
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

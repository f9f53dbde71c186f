import { equalBytes, fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { SessionView } from "../../../../workers/protocol/http/sessions.ts";
import {
  type SignedManifest,
  decodeSignedManifest,
  manifestHash,
} from "../../../../workers/protocol/manifest.ts";
import type { VerifiedManifest } from "../../../../workers/protocol/manifest-rules.ts";
import { departuresAmong } from "../../../core/account/farewell.ts";
import { type ManifestHistory, type Pin, headOf } from "../../../core/account/history.ts";
import type { Departure } from "../../../core/account/manifest.ts";
import { type Unlocked, openUnlockSeal } from "../../../core/account/seals.ts";
import { checkPin, verifyHistory } from "../../../core/account/verify-history.ts";
import type { UnlockKey } from "../../../core/crypto/unlock.ts";
import { CoreError } from "../../../core/errors.ts";
import { privateKeys, privateName } from "../../../core/private-state/keys.ts";
import { openPrivateRecord, trustedPin } from "../../../core/private-state/records.ts";
import type { Deps } from "../store/deps.ts";
import { fetchManifests } from "../wire/manifest-pages.ts";

/** The session's account, opened: nothing was signed for it yet. */
export interface OwnAccount {
  readonly account: Uint8Array;
  readonly chain: readonly SignedManifest[];
  readonly head: VerifiedManifest;
  readonly unlocked: Unlocked;
  /** devices that said goodbye and are live in `head` still (K3) */
  readonly departed: readonly Departure[];
}

/** What the account's other devices pinned of it (K6); null where none did, or nothing of it opens. */
async function ownPin({ api }: Deps, account: Uint8Array, unlocked: Unlocked): Promise<Pin | null> {
  const keys = privateKeys(account, unlocked.userKeys);
  const name = privateName(keys, ["pin", account]);
  try {
    const { version, value } = await api.call("privateRecord", {
      params: { key: toBase64url(name) },
    });
    return trustedPin(openPrivateRecord(keys, { name, version }, fromBase64url(value)));
  } catch (error) {
    // What does not open says no more than a record that the server withholds.
    const isNone =
      error instanceof CoreError || (error instanceof ProtocolError && error.code === "not_found");
    if (isNone) return null;
    throw error;
  }
}

/** The chain, with the manifest that the seals are beside. Throws ProtocolError `stale_version` between two versions. */
async function shownAccount({ api, suite }: Deps, account: Uint8Array) {
  const view = await api.call("account");
  const chain = await fetchManifests(api, { own: true }, 1);
  const history: ManifestHistory = await verifyHistory(
    suite.ed25519.verifier,
    account,
    chain,
    null,
    null,
  );
  const shown = decodeSignedManifest(fromBase64url(view.manifestCbor));
  const head = headOf(history);
  // Another device's manifest came between the two answers.
  if (view.version !== head.core.version) throw new ProtocolError("stale_version");
  if (!equalBytes(manifestHash(shown.core), head.hash)) throw new CoreError("manifest_forked");
  const departed = await departuresAmong(
    suite.ed25519.verifier,
    head.core,
    view.farewells.map(fromBase64url),
  );
  return { chain, history, head, departed, seals: fromBase64url(view.sealsCbor) };
}

/**
 * K4, K6, K13: the account of a session, verified from version 1, proved to be the one that this unlock method was
 * made for, opened, and not below what its devices pinned. Only then may anything be signed for it.
 * Throws CoreError `account_substituted`, `open_failed`, `seals_refused`, `manifest_refused`, `manifest_lower`,
 * `manifest_forked`.
 */
export async function openOwnAccount(
  deps: Deps,
  session: SessionView,
  key: UnlockKey,
): Promise<OwnAccount> {
  const account = fromBase64url(session.account);
  const { chain, history, head, departed, seals } = await shownAccount(deps, account);
  const unlocked = openUnlockSeal(head.core, seals, key);
  checkPin(history, await ownPin(deps, account, unlocked));
  return { account, chain, head, unlocked, departed };
}

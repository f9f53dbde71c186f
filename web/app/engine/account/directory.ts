import { type ConversationId, accountIdText } from "../../../../workers/protocol/ids.ts";
import type { SignedManifest } from "../../../../workers/protocol/manifest.ts";
import {
  type ManifestHistory,
  type Pin,
  headOf,
  pinOf,
  restoreHistory,
} from "../../../core/account/history.ts";
import type { Deps } from "../store/deps.ts";
import { fetchManifests } from "../wire/manifest-pages.ts";
import { publicKeyPart } from "../chunks/public-key.ts";
import { manifestRecord } from "../store/records.ts";

/** Verified manifests of all accounts that this device has met. */
export interface Directory {
  /** what is held in memory; call `load` or `fetch` before */
  historyOf(account: Uint8Array): ManifestHistory | undefined;
  load(account: Uint8Array): Promise<ManifestHistory | undefined>;
  /**
   * Fetches what is newer than what is held; `conversation` is one that both share (null: the own account).
   * Throws CoreError `manifest_refused`, `manifest_forked`, `manifest_lower` (K5, K6).
   */
  fetch(account: Uint8Array, conversation: ConversationId | null): Promise<ManifestHistory>;
  /** Takes manifests that came another way (the own account's at sign-in). */
  adopt(account: Uint8Array, chain: readonly SignedManifest[]): Promise<ManifestHistory>;
}

export interface PinSource {
  /** what another device of this account saw (K6) */
  pinOf(account: Uint8Array): Pin | null;
  /** tells the other devices; failing is no reason to stop */
  pinned(pin: Pin): void;
}

export function createDirectory(deps: Deps, pins: PinSource): Directory {
  const held = new Map<string, ManifestHistory>();

  const load = async (account: Uint8Array): Promise<ManifestHistory | undefined> => {
    const id = accountIdText(account);
    if (!held.has(id)) {
      const span = { id, from: 1, to: Number.MAX_SAFE_INTEGER };
      const rows = await deps.store.readAll("accounts", manifestRecord, span);
      // E1: what follows one that cannot be read is fetched again with it.
      const whole = rows.filter(({ key }, i) => key[1] === i + 1);
      if (whole.length > 0) held.set(id, restoreHistory(whole.map(({ value }) => value.core)));
    }
    return held.get(id);
  };

  const adopt = async (account: Uint8Array, chain: readonly SignedManifest[]) => {
    const id = accountIdText(account);
    const { verifyHistory } = await publicKeyPart();
    const known = (await load(account)) ?? null;
    const { verifier } = deps.suite.ed25519;
    const history = await verifyHistory(verifier, account, chain, known, pins.pinOf(account));
    if (known && headOf(history).core.version === headOf(known).core.version) return known;
    const fresh = history.manifests.length - (known?.manifests.length ?? 0);
    const first = headOf(history).core.version - fresh + 1;
    // A row each: a chain grows with every sign-in, and one record of all would outgrow its cap.
    await deps.store.write(["accounts"], async (writer) => {
      for (const [i, { core, signature }] of chain.slice(chain.length - fresh).entries()) {
        await writer.put("accounts", [id, first + i], manifestRecord, { core, signature });
      }
    });
    held.set(id, history);
    pins.pinned(pinOf(history));
    return history;
  };

  return {
    historyOf: (account) => held.get(accountIdText(account)),
    load,
    adopt,
    async fetch(account, conversation) {
      const known = await load(account);
      const from = (known ? headOf(known).core.version : 0) + 1;
      const whose = conversation
        ? { account: accountIdText(account), conversation }
        : { own: true as const };
      return adopt(account, await fetchManifests(deps.api, whose, from));
    },
  };
}

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
import { accountRecord } from "../store/records.ts";

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
  const signed = new Map<string, readonly SignedManifest[]>();

  const load = async (account: Uint8Array): Promise<ManifestHistory | undefined> => {
    const id = accountIdText(account);
    if (!held.has(id)) {
      const record = await deps.store.read("accounts", id, accountRecord);
      if (record && record.manifests.length > 0) {
        held.set(id, restoreHistory(record.manifests.map((manifest) => manifest.core)));
        signed.set(id, record.manifests);
      }
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
    const before = signed.get(id) ?? [];
    const fresh = chain.slice(-(history.manifests.length - before.length));
    const manifests = [...before, ...fresh];
    await deps.store.write(["accounts"], (writer) =>
      writer.put("accounts", id, accountRecord, { manifests }),
    );
    held.set(id, history);
    signed.set(id, manifests);
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

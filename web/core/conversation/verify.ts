import { findMember, findPending } from "../../../workers/protocol/bundle-entries.ts";
import { type CheckedBundle, checkBundle } from "../../../workers/protocol/bundle-rules.ts";
import {
  type BundleCore,
  type BundleDelivery,
  bundleHash,
  decodeBundleCore,
} from "../../../workers/protocol/bundle.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../workers/protocol/errors.ts";
import { findDevice } from "../../../workers/protocol/manifest-rules.ts";
import {
  type Ed25519Verifier,
  signingInput,
  verifySigned,
} from "../../../workers/protocol/signing.ts";
import { type ManifestHistory, headOf, manifestAt } from "../account/history.ts";
import { CoreError } from "../errors.ts";
import { type Reader, openEpochs } from "./reader.ts";
import type { Conversation } from "./state.ts";

/** What bundles are judged against. */
export interface BundleContext {
  readonly verifier: Ed25519Verifier;
  /** verified manifests, by account; undefined when none are held */
  readonly historyOf: (account: Uint8Array) => ManifestHistory | undefined;
  /** the own account, to notice what was hidden from it (K6); null before there is one */
  readonly self: Uint8Array | null;
}

const refuse = (why: string): never => {
  throw new CoreError("bundle_refused", why);
};

/** C8: authority comes from the version that is named. Throws CoreError `manifest_needed`, `own_account_hidden`. */
function manifestOf(context: BundleContext, account: Uint8Array, version: number) {
  const history = context.historyOf(account);
  const manifest = history && manifestAt(history, version);
  if (manifest) return manifest;
  if (history && version <= headOf(history).core.version) return refuse("manifest not held");
  if (history && context.self && equalBytes(account, context.self)) {
    throw new CoreError("own_account_hidden", `version ${version}`, { account, version });
  }
  throw new CoreError("manifest_needed", `version ${version}`, { account, version });
}

/** C2, C8, K6: every roster entry names a manifest that I verified, and seals go to its generation. */
function checkRoster(context: BundleContext, core: BundleCore): void {
  for (const { account, manifest } of core.roster) {
    const held = manifestOf(context, account, manifest.version);
    if (!equalBytes(held.hash, manifest.hash)) {
      throw new CoreError("manifest_forked", `version ${manifest.version} in a roster (K6)`);
    }
    const sealed = [...core.seals, ...core.grants].filter((s) => equalBytes(s.recipient, account));
    if (sealed.some(({ generation }) => generation !== held.core.generation)) {
      refuse("sealed to another generation (C2)");
    }
  }
}

/** C2, C4, C8: signed by a device that is live in the named version of the author's manifest. */
async function checkAuthor(
  context: BundleContext,
  core: BundleCore,
  delivery: Pick<BundleDelivery, "core" | "signature">,
): Promise<void> {
  const { account, device, manifestVersion } = core.author;
  const entry = findMember(core, account) ?? refuse("author is not in the roster (C4)");
  // An older version than the roster's would let a device sign that the roster's version revoked.
  if (entry.manifest.version !== manifestVersion)
    refuse("author's version is not the roster's (C8)");
  const manifest = manifestOf(context, account, manifestVersion);
  const live = findDevice(manifest.core, device) ?? refuse("device is not live (C8)");
  // The key was admitted (E7) when its manifest was verified.
  const message = signingInput("sign-bundle", delivery.core);
  if (!(await context.verifier.verify(live.signPub, message, delivery.signature))) {
    refuse("author's signature");
  }
}

/** I3: a join is signed by the invite key that the head before it had pending; nothing else is. */
async function checkInviteSignature(
  context: BundleContext,
  core: BundleCore,
  delivery: BundleDelivery,
  before: CheckedBundle | null,
): Promise<void> {
  const { change } = core;
  if (change.kind !== "join") {
    if (delivery.inviteSignature) refuse("invite signature on another change");
    return;
  }
  const entry = before && findPending(before.core, change.invite);
  if (!entry || !delivery.inviteSignature) return refuse("no invite signature (I3)");
  const { verifier } = context;
  const signature = delivery.inviteSignature;
  if (!(await verifySigned(verifier, "sign-bundle", entry.signPub, delivery.core, signature))) {
    refuse("invite signature (I3)");
  }
}

function shape(core: Uint8Array, before: CheckedBundle | null): CheckedBundle {
  try {
    return checkBundle(core, before);
  } catch (error) {
    if (error instanceof ProtocolError) return refuse(error.message);
    throw error;
  }
}

/**
 * C2, C4, C5, C8, I3: verifies one delivery and opens what it holds for `reader`; `conversation` is null before
 * bundle 0. Nothing of a bundle is used before all of it verified.
 * Throws CoreError `bundle_refused`, `bundle_forked`, `bundle_gap`, `manifest_needed`, `manifest_forked`,
 * `own_account_hidden`, `open_failed`.
 */
export async function applyBundle(
  context: BundleContext,
  conversation: Conversation | null,
  delivery: BundleDelivery,
  reader: Reader,
): Promise<Conversation> {
  const bundles = conversation?.bundles ?? [];
  const n = claimedN(delivery.core);
  if (n > bundles.length) throw new CoreError("bundle_gap", `${n} after ${bundles.length}`);
  const held = bundles[n];
  const isHeld = held !== undefined && equalBytes(held.hash, bundleHash(delivery.core));
  const before = bundles[n - 1] ?? null;
  const checked = isHeld ? held : shape(delivery.core, before);
  if (!isHeld) {
    checkRoster(context, checked.core);
    await checkAuthor(context, checked.core, delivery);
    await checkInviteSignature(context, checked.core, delivery, before);
    // C5: only what is as lawful and as well signed as the one that is held proves anything.
    if (held) throw new CoreError("bundle_forked", `n ${n}`);
  }
  const chain = isHeld ? bundles : [...bundles, checked];
  const epochs = openEpochs(checked, delivery, reader, chain, conversation?.epochs ?? new Map());
  return { id: checked.core.conversation, bundles: chain, epochs };
}

function claimedN(core: Uint8Array): number {
  try {
    return decodeBundleCore(core).n;
  } catch {
    return refuse("malformed");
  }
}

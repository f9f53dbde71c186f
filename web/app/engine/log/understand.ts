import { ERRORS, ProtocolError } from "../../../../workers/protocol/errors.ts";
import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import type { EnvelopeHeader } from "../../../../workers/protocol/envelope.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { type ConversationId, idBytes } from "../../../../workers/protocol/ids.ts";
import { findPending } from "../../../../workers/protocol/bundle-entries.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { type ManifestHistory, headOf } from "../../../core/account/history.ts";
import type { Attached } from "../../../core/conversation/attached.ts";
import type { Reader } from "../../../core/conversation/reader.ts";
import { CoreError, type ManifestNeed } from "../../../core/errors.ts";
import { rings } from "../../../core/messages/content.ts";
import { isFirstOfNewDevice } from "../../../core/messages/new-device.ts";
import { isRetried, isVouched } from "../../../core/messages/open.ts";
import type { BundleChain } from "../../../core/sync/bundle-chain.ts";
import {
  type VerifiedItems,
  type ReceivedBundle,
  type ReceivedEnvelope,
  receive,
} from "../../../core/sync/receive.ts";
import { createPause } from "../../../platform/pause.ts";
import type { Deps } from "../store/deps.ts";
import type { MessageRecord } from "../store/records.ts";

/** One place of the log, verified and opened; nothing is stored yet. */
export interface Understood {
  readonly seq: number;
  readonly row: MessageRecord;
}

export interface Understanding {
  readonly chain: BundleChain;
  readonly rows: readonly Understood[];
  /** C5: what came beside bundles and is not what they name */
  readonly unnamed: readonly Attached[];
  /** a bundle that must not be used, and everything after it: sending stops (C4, C5) */
  readonly blocked: CoreError | null;
}

/** What the log needs of the directory: verified manifests, from the store or from the server (C8). */
export interface Manifests {
  historyOf(account: Uint8Array): ManifestHistory | undefined;
  load(account: Uint8Array): Promise<unknown>;
  fetch(account: Uint8Array, conversation: ConversationId | null): Promise<unknown>;
}

/** What items of the log are verified and opened with. */
export interface UnderstandContext {
  readonly deps: Deps;
  readonly directory: Manifests;
  /** the own account; null before there is one */
  readonly self: Uint8Array | null;
  readonly reader: Reader;
}

/** A fetch brings all that is newer, so a round for each member is enough; what asks for more is refused. */
const ROUNDS = 2 * LIMITS.roster;

/** I4: whether it was accepted after the invitation that it uses had expired, by the server's time. */
function isLate(chain: BundleChain, { at, checked: { core } }: ReceivedBundle): boolean {
  if (core.change.kind !== "join") return false;
  const before = chain.conversation?.bundles[core.n - 1];
  const entry = before && findPending(before.core, core.change.invite);
  return entry !== undefined && at > entry.expiry;
}

function bundleRow(chain: BundleChain, bundle: ReceivedBundle): Understood {
  const { n, change, author } = bundle.checked.core;
  const row = { at: bundle.at, n, change: change.kind, account: author.account };
  const late = isLate(chain, bundle) ? { late: true as const } : {};
  return { seq: bundle.seq, row: { type: "bundle", ...row, ...late } };
}

function envelopeRow(
  { seq, at, bytes, result }: ReceivedEnvelope,
  isNewDevice: (header: EnvelopeHeader) => boolean,
): Understood {
  if (!result.ok) {
    const { reason } = result;
    const retry = isRetried(reason);
    const vouched = isVouched(reason);
    return { seq, row: { type: "quarantined", at, envelope: bytes, reason, retry, vouched } };
  }
  const { header, digest, payload } = result;
  const row: MessageRecord = {
    type: "message",
    at,
    account: header.account,
    device: header.device,
    deviceSeq: header.deviceSeq,
    messageId: header.messageId,
    digest,
    prev: payload.prev,
    sentAt: payload.sentAt,
    body: payload.content,
    missingBefore: false,
    ...(isNewDevice(header) ? { newDevice: true } : {}),
    ...(result.sinceRemoved ? { sinceRemoved: true } : {}),
    // M1: clients go by the kind.
    ...(header.quiet && rings(payload.content) ? { silent: true } : {}),
  };
  return { seq, row };
}

function understandingOf(
  { chain, bundles, envelopes, unnamed }: VerifiedItems,
  blocked: CoreError | null,
  historyOf: Manifests["historyOf"],
): Understanding {
  const { conversation } = chain;
  const isNewDevice = (header: EnvelopeHeader): boolean =>
    conversation !== null && isFirstOfNewDevice({ conversation, historyOf }, header);
  const rows = [
    ...bundles.map((bundle) => bundleRow(chain, bundle)),
    ...envelopes.map((envelope) => envelopeRow(envelope, isNewDevice)),
  ];
  return { chain, rows: rows.sort((a, b) => a.seq - b.seq), unnamed, blocked };
}

/** C8: from the local store, else from the server. Whether more is known than before; throws as `fetch` does. */
async function obtain(
  { directory, self }: UnderstandContext,
  id: ConversationId,
  { account, version }: ManifestNeed,
): Promise<boolean> {
  const known = () => {
    const history = directory.historyOf(account);
    return history ? headOf(history).core.version : 0;
  };
  const before = known();
  await directory.load(account);
  // K6: for the own account the server is asked without a conversation: it has to show all there is.
  const isOwn = self !== null && equalBytes(account, self);
  if (known() < version) await directory.fetch(account, isOwn ? null : id);
  return known() > before;
}

/** What the server will not show, or shows wrongly, leaves the placeholder (M9); the others go on. */
const leavesPlaceholder = (error: unknown): boolean =>
  error instanceof CoreError ||
  (error instanceof ProtocolError && ERRORS[error.code].remedy === "give-up");

async function obtainSome(
  context: UnderstandContext,
  id: ConversationId,
  needs: readonly ManifestNeed[],
  asked: Set<string>,
): Promise<boolean> {
  let more = false;
  for (const need of needs) {
    const key = `${toBase64url(need.account)}/${need.version}`;
    if (asked.has(key)) continue;
    asked.add(key);
    try {
      if (await obtain(context, id, need)) more = true;
    } catch (error) {
      if (!leavesPlaceholder(error)) throw error;
    }
  }
  return more;
}

/**
 * Verifies and opens items, fetching the manifests that they need (C8). Bundles that the chain holds already are
 * only given their place. Throws what the network throws; nothing is lost, ask again.
 */
export async function understand(
  context: UnderstandContext,
  id: ConversationId,
  before: BundleChain,
  items: readonly LogItem[],
): Promise<Understanding> {
  const { directory, self, reader } = context;
  const historyOf = (account: Uint8Array) => directory.historyOf(account);
  const receiving = {
    verifier: context.deps.suite.ed25519.verifier,
    historyOf,
    self,
    id: idBytes(id),
    reader,
    pause: createPause(),
  };
  const roster = before.conversation?.bundles.at(-1)?.core.roster ?? [];
  await Promise.all(roster.map(({ account }) => directory.load(account)));
  const asked = new Set<string>();
  let chain = before;
  for (let round = 1; ; round++) {
    const received = await receive(receiving, chain, items);
    chain = received.chain;
    const { needs, stopped } = received;
    const blocked = stopped?.error ?? null;
    // K3: nothing is stored of what this device is about to be able to open.
    if (blocked?.code === "user_key_needed") throw blocked;
    if (round === ROUNDS) return understandingOf(received, blocked, historyOf);
    try {
      if (blocked?.need && (await obtain(context, id, blocked.need))) continue;
    } catch (error) {
      // K5, K6: what the server showed instead of that manifest is why this bundle is not used.
      if (!(error instanceof CoreError)) throw error;
      return understandingOf(received, error, historyOf);
    }
    if (!(await obtainSome(context, id, needs, asked))) {
      return understandingOf(received, blocked, historyOf);
    }
  }
}

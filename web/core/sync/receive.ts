import type { CheckedBundle } from "../../../workers/protocol/bundle-rules.ts";
import { type BundleDelivery, decodeBundleCore } from "../../../workers/protocol/bundle.ts";
import { equalBytes, toBase64url } from "../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../workers/protocol/frames.ts";
import type { Reader } from "../conversation/reader.ts";
import { type Attached, withoutUnnamed } from "../conversation/attached.ts";
import { type BundleContext, applyBundle } from "../conversation/verify.ts";
import { CoreError, type ManifestNeed } from "../errors.ts";
import { type EnvelopeResult, newestBefore, openEnvelopes } from "../messages/open.ts";
import type { BundleChain } from "./bundle-chain.ts";

/** Where an item stands. */
interface LogPlace {
  readonly seq: number;
  readonly at: number;
}
export interface ReceivedBundle extends LogPlace {
  readonly checked: CheckedBundle;
}
export interface ReceivedEnvelope extends LogPlace {
  readonly bytes: Uint8Array;
  readonly result: EnvelopeResult;
}

/** What items of the log turned out to be, each list in order of seq. Nothing is stored or shown yet. */
export interface VerifiedItems {
  readonly chain: BundleChain;
  readonly bundles: readonly ReceivedBundle[];
  readonly envelopes: readonly ReceivedEnvelope[];
  /** manifests to fetch before some of the envelopes can be judged (C8): each account's highest */
  readonly needs: readonly ManifestNeed[];
  /** C5: what came beside bundles and is not what their cores name: as if it had not come */
  readonly unnamed: readonly Attached[];
  /** C4, C5: the bundle that must not be used; it and every item after it are not part of this */
  readonly stopped: { readonly seq: number; readonly error: CoreError } | null;
}

export interface ReceiveContext extends BundleContext {
  /** the conversation that was asked for (C1) */
  readonly id: Uint8Array;
  readonly reader: Reader;
  /** asked between two pieces of work; lets others have their turn where much is to be done */
  readonly pause?: () => Promise<void>;
}

type EnvelopeItem = Extract<LogItem, { envelope: Uint8Array }>;

const BATCH = 64;

/** The chain with one more bundle, or with what the same bundle brings when it comes again. */
async function extended(
  context: ReceiveContext,
  chain: BundleChain,
  seq: number,
  bundle: BundleDelivery,
): Promise<{ readonly chain: BundleChain; readonly checked: CheckedBundle }> {
  const conversation = await applyBundle(context, chain.conversation, bundle, context.reader);
  if (!equalBytes(conversation.id, context.id)) {
    throw new CoreError("bundle_refused", "another conversation (C1)");
  }
  const isNew = conversation.bundles.length > chain.seqs.length;
  // M7 rests on the places of bundles: one order, in which they neither move nor overtake each other. At the place of
  // another bundle it is a fork (M6); elsewhere only the server says where it stands.
  const misplaced = chain.seqs.includes(seq) ? "bundle_forked" : "bundle_refused";
  if (isNew && seq <= (chain.seqs.at(-1) ?? 0)) {
    throw new CoreError(misplaced, "a bundle before the one that it follows");
  }
  const seqs = isNew ? [...chain.seqs, seq] : chain.seqs;
  const checked = conversation.bundles[decodeBundleCore(bundle.core).n];
  if (!checked || seqs[checked.core.n] !== seq) {
    throw new CoreError(misplaced, "a bundle changed its place");
  }
  return { chain: { conversation, seqs }, checked };
}

async function opened(
  context: ReceiveContext,
  { conversation, seqs }: BundleChain,
  items: readonly EnvelopeItem[],
): Promise<ReceivedEnvelope[]> {
  const placed = (result: EnvelopeResult, { seq, at, envelope: bytes }: EnvelopeItem) => ({
    seq,
    at,
    bytes,
    result,
  });
  if (!conversation) {
    const result = { ok: false, reason: "bundle_needed", header: null } as const;
    return items.map((item) => placed(result, item));
  }
  const received: ReceivedEnvelope[] = [];
  for (let from = 0; from < items.length; from += BATCH) {
    await context.pause?.();
    const batch = items.slice(from, from + BATCH);
    const results = await openEnvelopes(
      { ...context, conversation },
      batch.map(({ seq, envelope: bytes }) => ({ bytes, newest: newestBefore(seqs, seq) ?? -1 })),
    );
    for (const [i, item] of batch.entries()) {
      const result = results[i];
      if (result) received.push(placed(result, item));
    }
  }
  return received;
}

function needsOf(envelopes: readonly ReceivedEnvelope[]): ManifestNeed[] {
  const needs = new Map<string, ManifestNeed>();
  for (const { result } of envelopes) {
    if (result.ok || result.reason !== "manifest_needed" || !result.header) continue;
    const { account, manifestVersion: version } = result.header;
    const id = toBase64url(account);
    if (version > (needs.get(id)?.version ?? 0)) needs.set(id, { account, version });
  }
  return [...needs.values()];
}

/**
 * The one place where items of the log are verified (C1, C4, C5, M3, M7, M9). All bundles among them come first,
 * for a grant in a later one may open an earlier epoch (I5); then every envelope is opened as of the newest
 * bundle before its own place, whatever else is known by now (M7). A bad envelope is one placeholder; a bundle
 * that does not apply ends what is used of the items before it. Throws only for defects.
 */
export async function receive(
  context: ReceiveContext,
  before: BundleChain,
  items: readonly LogItem[],
): Promise<VerifiedItems> {
  const inOrder = items.toSorted((a, b) => a.seq - b.seq);
  let chain = before;
  let stopped: VerifiedItems["stopped"] = null;
  const bundles: ReceivedBundle[] = [];
  const unnamed: Attached[] = [];
  for (const item of inOrder) {
    if ("envelope" in item) continue;
    const { seq, at } = item;
    await context.pause?.();
    try {
      const fit = withoutUnnamed(item.bundle);
      const next = await extended(context, chain, seq, fit.delivery);
      unnamed.push(...fit.unnamed);
      chain = next.chain;
      bundles.push({ seq, at, checked: next.checked });
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      stopped = { seq, error };
      break;
    }
  }
  const end = stopped?.seq ?? Number.POSITIVE_INFINITY;
  const sent = inOrder.flatMap((item) => ("envelope" in item && item.seq < end ? [item] : []));
  const envelopes = await opened(context, chain, sent);
  return { chain, bundles, envelopes, needs: needsOf(envelopes), unnamed, stopped };
}

import type { LogItem } from "../../../workers/protocol/frames.ts";
import type { BundleDelivery } from "../../../workers/protocol/bundle.ts";
import { conversationIdText } from "../../../workers/protocol/ids.ts";
import { applyBundle } from "../../core/conversation/verify.ts";
import type { Reader } from "../../core/conversation/reader.ts";
import { type Conversation, headBundle } from "../../core/conversation/state.ts";
import { CoreError } from "../../core/errors.ts";
import {
  type EnvelopeResult,
  isRetried,
  newestBefore,
  openEnvelopes,
} from "../../core/messages/open.ts";
import type { Deps } from "./deps.ts";
import type { Directory } from "./directory.ts";
import type { Chain } from "./library.ts";
import type { MessageRecord } from "./records.ts";

/** One place of the log, verified and opened; nothing is stored yet. */
export interface Understood {
  readonly seq: number;
  readonly row: MessageRecord;
}

export interface Understanding {
  readonly chain: Chain;
  readonly rows: readonly Understood[];
  /** a bundle that must not be used, and everything after it: sending stops (C4, C5) */
  readonly blocked: CoreError | null;
}

export interface Eyes {
  readonly deps: Deps;
  readonly directory: Directory;
  /** the own account; null before there is one */
  readonly self: Uint8Array | null;
  readonly reader: Reader;
}

const BATCH = 64;
const FETCHES = 4;

/** C8: fetches the manifests that a bundle names, then verifies it. */
async function applyFetching(
  eyes: Eyes,
  id: string,
  conversation: Conversation | null,
  delivery: BundleDelivery,
): Promise<Conversation> {
  const { directory, self, reader } = eyes;
  const context = {
    verifier: eyes.deps.suite.ed25519.verifier,
    historyOf: (account: Uint8Array) => directory.historyOf(account),
    self,
  };
  for (let fetched = 0; ; fetched++) {
    try {
      return await applyBundle(context, conversation, delivery, reader);
    } catch (error) {
      if (!(error instanceof CoreError) || !error.need || fetched >= FETCHES) throw error;
      const { account } = error.need;
      const held = await directory.load(account);
      // From the local store it may be there already; only then is the server asked.
      if (
        !held ||
        held.manifests.length < error.need.version ||
        error.code === "own_account_hidden"
      ) {
        await directory.fetch(account, error.code === "own_account_hidden" ? null : id);
      }
    }
  }
}

async function openFetching(
  eyes: Eyes,
  id: string,
  conversation: Conversation,
  batch: readonly { bytes: Uint8Array; newest: number }[],
): Promise<EnvelopeResult[]> {
  const { directory } = eyes;
  const context = {
    verifier: eyes.deps.suite.ed25519.verifier,
    historyOf: (account: Uint8Array) => directory.historyOf(account),
    conversation,
  };
  await Promise.all(
    headBundle(conversation).core.roster.map((entry) => directory.load(entry.account)),
  );
  const results = await openEnvelopes(context, batch);
  const needed = results.flatMap((result) =>
    !result.ok && result.reason === "manifest_needed" && result.header
      ? [result.header.account]
      : [],
  );
  if (needed.length === 0) return results;
  for (const account of needed) {
    // An account that the server will not show leaves its placeholder (M9); others go on.
    await directory.fetch(account, id).catch((error: unknown) => {
      if (!(error instanceof CoreError)) throw error;
    });
  }
  return openEnvelopes(context, batch);
}

function rowOf(result: EnvelopeResult, at: number, envelope: Uint8Array): MessageRecord {
  if (!result.ok) {
    return {
      type: "quarantined",
      at,
      envelope,
      reason: result.reason,
      retry: isRetried(result.reason),
    };
  }
  const { header, digest, payload } = result;
  return {
    type: "message",
    at,
    account: header.account,
    device: header.device,
    deviceSeq: header.deviceSeq,
    messageId: header.messageId,
    digest,
    prev: payload.prev,
    body: payload.content,
    missingBefore: false,
  };
}

interface Bundles {
  readonly chain: Chain;
  readonly rows: readonly Understood[];
  readonly blocked: CoreError | null;
  /** items from this seq on are not to be used */
  readonly end: number;
}

/** C4: the bundles among the items, in order. A grant in a later one may open an earlier epoch. */
async function applyBundles(
  eyes: Eyes,
  id: string,
  before: Chain,
  items: readonly LogItem[],
): Promise<Bundles> {
  let chain = before;
  const rows: Understood[] = [];
  for (const item of items) {
    if ("envelope" in item) continue;
    const { seq, at, bundle } = item;
    try {
      const conversation = await applyFetching(eyes, id, chain.conversation, bundle);
      if (conversationIdText(conversation.id) !== id) {
        throw new CoreError("bundle_refused", "another conversation (C1)");
      }
      const known = conversation.bundles.length === chain.seqs.length;
      chain = { conversation, seqs: known ? chain.seqs : [...chain.seqs, seq] };
      const core = conversation.bundles[chain.seqs.indexOf(seq)]?.core;
      if (!core) throw new CoreError("bundle_forked", "a bundle changed its place");
      const { n, change, author } = core;
      rows.push({
        seq,
        row: { type: "bundle", at, n, change: change.kind, account: author.account },
      });
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      return { chain, rows, blocked: error, end: seq };
    }
  }
  return { chain, rows, blocked: null, end: Number.POSITIVE_INFINITY };
}

/**
 * Verifies and opens items in order of seq, fetching what they need (M3, M7, M9, C4). Bundles that the chain
 * holds already are only given their place. Throws what the network throws; nothing is lost, ask again.
 */
export async function understand(
  eyes: Eyes,
  id: string,
  before: Chain,
  items: readonly LogItem[],
): Promise<Understanding> {
  const { chain, rows: bundles, blocked, end } = await applyBundles(eyes, id, before, items);
  const envelopes = items.flatMap((item) => ("envelope" in item && item.seq < end ? [item] : []));
  const rows = [...bundles];
  const { conversation } = chain;
  for (let at = 0; conversation && at < envelopes.length; at += BATCH) {
    const batch = envelopes.slice(at, at + BATCH);
    const results = await openFetching(
      eyes,
      id,
      conversation,
      batch.map(({ seq, envelope: bytes }) => ({
        bytes,
        newest: newestBefore(chain.seqs, seq) ?? -1,
      })),
    );
    for (const [i, item] of batch.entries()) {
      const result = results[i];
      if (result) rows.push({ seq: item.seq, row: rowOf(result, item.at, item.envelope) });
    }
  }
  rows.sort((a, b) => a.seq - b.seq);
  return { chain, rows, blocked };
}

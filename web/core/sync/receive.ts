import type { CheckedBundle } from "../../../workers/protocol/bundle-rules.ts";
import { bundleHash } from "../../../workers/protocol/bundle.ts";
import { equalBytes, toBase64url } from "../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../workers/protocol/frames.ts";
import { type BundleContext, applyBundle } from "../conversation/verify.ts";
import type { Reader } from "../conversation/reader.ts";
import { type Conversation, headBundle } from "../conversation/state.ts";
import { CoreError, type ManifestNeed } from "../errors.ts";
import {
  type ChainVerdict,
  type HeldChain,
  type Link,
  judgeLink,
  judgeOwn,
} from "../messages/chain.ts";
import {
  type EnvelopeResult,
  type OpenedEnvelope,
  type QuarantinedEnvelope,
  newestBefore,
  openEnvelopes,
} from "../messages/open.ts";

interface Placed {
  readonly seq: number;
  readonly at: number;
}
export interface ReceivedBundle extends Placed {
  readonly core: Uint8Array;
  readonly checked: CheckedBundle;
}
export interface ReceivedMessage extends Placed {
  readonly bytes: Uint8Array;
  readonly opened: OpenedEnvelope;
  /** a `duplicate` is not shown again; a `fork` stops sending (M6) */
  readonly verdict: ChainVerdict;
}
export interface Quarantined extends Placed {
  readonly bytes: Uint8Array;
  readonly result: QuarantinedEnvelope;
}

/** A5: everything that one transaction stores. Nothing of it is shown before that. */
export interface Received {
  readonly conversation: Conversation | null;
  /** seq of the last item that is part of this; 0 if none */
  readonly upTo: number;
  readonly bundles: readonly ReceivedBundle[];
  readonly messages: readonly ReceivedMessage[];
  readonly quarantined: readonly Quarantined[];
  /** manifests to fetch before quarantined envelopes can be judged (C8) */
  readonly needs: readonly ManifestNeed[];
  /** a bundle that could not be applied: the items from it on are not part of this */
  readonly stopped: CoreError | null;
  /** M6: another holder of this device's keys wrote: stop, enrol the device anew */
  readonly cloned: boolean;
}

export interface ReceiveContext extends BundleContext {
  readonly id: Uint8Array;
  readonly reader: Reader;
  /** seq of bundle n, as far as bundles are held: what was the newest before a seq (M7) */
  readonly bundleSeqs: readonly number[];
  /** the stored stretch begins with seq 1: a chain that begins later has a hole (M6) */
  readonly fromStart: boolean;
  /** what is stored of a device's chain in this conversation */
  readonly chainOf: (device: Uint8Array) => HeldChain;
  /** this device, and the D it assigned to a deviceSeq (from outbox or store) */
  readonly own: {
    readonly device: Uint8Array;
    readonly digestAt: (deviceSeq: number) => Uint8Array | undefined;
  } | null;
}

/** The stored chain of a device with what this batch adds to it. */
function overlay(held: HeldChain, added: readonly Link[]): HeldChain {
  return {
    at: (deviceSeq) => added.find((link) => link.deviceSeq === deviceSeq) ?? held.at(deviceSeq),
    newest: added.reduce((newest, link) => Math.max(newest, link.deviceSeq), held.newest),
  };
}

/** Judges the chains of one batch, in seq order (M6). */
class Chains {
  readonly #context: ReceiveContext;
  readonly #added = new Map<string, Link[]>();
  cloned = false;
  constructor(context: ReceiveContext) {
    this.#context = context;
  }
  judge({ header, digest, payload }: OpenedEnvelope): ChainVerdict {
    const { own, chainOf, fromStart } = this.#context;
    const link = { deviceSeq: header.deviceSeq, digest, prev: payload.prev };
    if (own && equalBytes(own.device, header.device)) {
      if (judgeOwn(own.digestAt(link.deviceSeq), digest) === "cloned") this.cloned = true;
    }
    const id = toBase64url(header.device);
    const added = this.#added.get(id) ?? [];
    const verdict = judgeLink(overlay(chainOf(header.device), added), link, fromStart);
    if (verdict.kind === "new" || verdict.kind === "hole") this.#added.set(id, [...added, link]);
    return verdict;
  }
}

type EnvelopeItem = Extract<LogItem, { envelope: Uint8Array }>;

/** Runs of envelopes between bundles: each run is opened at once, under the bundle before it (M7). */
function* runs(
  items: readonly LogItem[],
): Generator<EnvelopeItem[] | Exclude<LogItem, EnvelopeItem>> {
  let run: EnvelopeItem[] = [];
  for (const item of items) {
    if ("envelope" in item) {
      run.push(item);
      continue;
    }
    if (run.length > 0) yield run;
    run = [];
    yield item;
  }
  if (run.length > 0) yield run;
}

/**
 * A5, M7, M9: verifies contiguous log items, which `intake` let through, in seq order. A bad envelope is one
 * placeholder; a bundle that does not apply stops the intake before it. Throws only for defects.
 */
export async function receive(
  context: ReceiveContext,
  conversation: Conversation | null,
  items: readonly LogItem[],
): Promise<Received> {
  let state = conversation;
  let upTo = 0;
  let stopped: CoreError | null = null;
  const bundles: ReceivedBundle[] = [];
  const messages: ReceivedMessage[] = [];
  const quarantined: Quarantined[] = [];
  const chains = new Chains(context);
  const seqs = [...context.bundleSeqs];
  for (const run of runs(items)) {
    if (Array.isArray(run)) {
      const results = await openRun(context, state, seqs, run);
      run.forEach(({ seq, at, envelope: bytes }, i) => {
        const result = results[i];
        if (!result) return;
        if (result.ok)
          messages.push({ seq, at, bytes, opened: result, verdict: chains.judge(result) });
        else quarantined.push({ seq, at, bytes, result });
        upTo = seq;
      });
      continue;
    }
    try {
      const next = await applyBundle(context, state, run.bundle, context.reader);
      if (!equalBytes(next.id, context.id)) {
        throw new CoreError("bundle_refused", "another conversation (C1)");
      }
      state = next;
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      stopped = error;
      break;
    }
    const { seq, at, bundle } = run;
    const checked = heldBundle(state, bundle.core);
    // A bundle that is served again elsewhere keeps its first place.
    seqs[checked.core.n] ??= seq;
    bundles.push({ seq, at, core: bundle.core, checked });
    upTo = seq;
  }
  const needs = quarantined.flatMap(({ result: { reason, header } }) =>
    reason === "manifest_needed" && header
      ? [{ account: header.account, version: header.manifestVersion }]
      : [],
  );
  const { cloned } = chains;
  return { conversation: state, upTo, bundles, messages, quarantined, needs, stopped, cloned };
}

/** The bundle with these bytes, which was just applied. */
function heldBundle(state: Conversation, core: Uint8Array): CheckedBundle {
  const hash = bundleHash(core);
  return state.bundles.find((bundle) => equalBytes(bundle.hash, hash)) ?? headBundle(state);
}

function openRun(
  context: ReceiveContext,
  state: Conversation | null,
  seqs: readonly number[],
  run: readonly EnvelopeItem[],
): Promise<EnvelopeResult[]> {
  if (!state) {
    return Promise.resolve(run.map(() => ({ ok: false, reason: "bundle_needed", header: null })));
  }
  return openEnvelopes(
    { ...context, conversation: state },
    run.map(({ envelope: bytes, seq }) => ({ bytes, newest: newestBefore(seqs, seq) ?? -1 })),
  );
}

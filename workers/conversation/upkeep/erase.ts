import { refusalOf } from "../../http/failure.ts";
import { equalBytes } from "../../protocol/bytes.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import { idBytes } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Place } from "../rules/append.ts";
import type { Core } from "../core.ts";
import type { Peer } from "../../objects/peer.ts";
import { seqsByShard } from "../rules/shards.ts";
import { TUNING } from "../settings.ts";
import type { Task } from "./task.ts";

/** M5: the place to be emptied and that of the message that says so. */
export interface Erasure {
  readonly seq: number;
  readonly deletion: number;
}

/** A message of the log, as far as a deletion depends on it. */
export interface Written extends Place {
  readonly account: Uint8Array;
  readonly isEmpty: boolean;
}

/**
 * M5: why a deletion is refused, or null. Who may not know and what does not exist get one answer. The time is
 * that of the two messages by this server's clock, so that a request that comes late, after a crash or days
 * without network, is judged like one that came at once.
 */
export function erasureRefusal(
  account: Uint8Array,
  target: Written | undefined,
  deletion: Written | undefined,
): "not_found" | "bad_request" | null {
  if (!target || !deletion || deletion.isEmpty || deletion.seq <= target.seq) return "not_found";
  if (!equalBytes(target.account, account) || !equalBytes(deletion.account, account)) {
    return "not_found";
  }
  const isTooOld = deletion.at - target.at > LIMITS.changeMs + LIMITS.clockSkewMs;
  return isTooOld ? "bad_request" : null;
}

/** Messages at these places: of the tail, else of D1. Throws `unavailable` if that is out of reach. */
async function written(core: Core, seqs: readonly number[]): Promise<readonly Written[]> {
  const { authors, conversation, pruned, shards } = core.get();
  const byId = new Map([...authors.values()].map(({ id, account }) => [id, account]));
  const here = seqs
    .filter((seq) => seq > pruned)
    .flatMap((seq) => core.stores.tail.read(seq, seq))
    .flatMap(({ seq, at, author, body }) => {
      const account = author === null ? undefined : byId.get(author);
      return account ? [{ seq, at, account: idBytes(account), isEmpty: body === null }] : [];
    });
  const archived = seqs.filter((seq) => seq <= pruned);
  if (archived.length === 0) return here;
  try {
    const there = seqsByShard(shards, archived).map((part) =>
      core.deps.archivedPlaces(part.shard, conversation, part.seqs),
    );
    return [...here, ...(await Promise.all(there)).flat()];
  } catch (error) {
    throw refusalOf(error, "deletion");
  }
}

/**
 * M5: removes the ciphertext of an own message and its files. When this returns the object has none of it, serves no
 * file of it, and will see to it that D1 and R2 have none. May be repeated. Throws ProtocolError `not_found`, `bad_request` (too old), `rate_limited`,
 * `unavailable`.
 */
export async function erase(core: Core, peer: Peer, { seq, deletion }: Erasure): Promise<null> {
  if (core.standing(peer).kind !== "member") throw new ProtocolError("not_found");
  const { account, address } = peer.who;
  const delay = core.limiter.charge(peer.device, address, TUNING.eraseCost, core.deps.now());
  if (delay > 0) throw new ProtocolError("rate_limited", "deletions", delay);
  const found = await written(core, [seq, deletion]);
  const at = (place: number) => found.find((one) => one.seq === place);
  const refusal = erasureRefusal(account, at(seq), at(deletion));
  if (refusal) throw new ProtocolError(refusal, "deletion");
  core.transact(() => {
    core.stores.erasures.put(seq);
    core.stores.tail.erase(seq);
    const now = core.deps.now();
    for (const { blob } of core.stores.blobs.namedAt(seq)) core.stores.blobs.end(blob, now);
  });
  core.wakeAt(core.deps.now() + TUNING.eraseAfterMs);
  return null;
}

/** Some of the places that D1 has and is to empty. */
const due = (core: Core): readonly number[] =>
  core.memory ? core.stores.erasures.upTo(core.memory.flushed) : [];

/**
 * Empties places in D1, those that it is known to have, some at a time. What is still to be flushed waits: a flush
 * that read the ciphertext before it went could write it after D1 was asked to remove it.
 */
export const erasureTask: Task = {
  name: "erase",
  neighbour: "archive",
  dueAt: (core) => (due(core).length > 0 ? core.deps.now() : null),
  async run(core) {
    for (let slice = 0; slice < TUNING.eraseSlices; slice++) {
      const seqs = due(core);
      if (seqs.length === 0) return;
      const { conversation, shards } = core.get();
      for (const part of seqsByShard(shards, seqs)) {
        await core.deps.eraseArchived(part.shard, conversation, part.seqs);
        core.stores.erasures.settle(part.seqs);
      }
    }
  },
};

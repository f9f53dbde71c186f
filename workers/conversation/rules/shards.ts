/** From `from` on, until the next range begins, history lies in this shard (decision "archive shards"). */
export interface ShardRange {
  readonly from: number;
  readonly shard: number;
}

export interface ShardPart {
  readonly shard: number;
  readonly from: number;
  /** inclusive */
  readonly to: number;
}

/** Where history goes now. */
export function currentShard(ranges: readonly ShardRange[]): number {
  const last = ranges.at(-1);
  if (!last) throw new RangeError("a conversation without a shard");
  return last.shard;
}

/** Places `from`..`to` by shard, oldest first. */
export function partsByShard(ranges: readonly ShardRange[], from: number, to: number): ShardPart[] {
  return ranges.flatMap((range, i) => {
    const end = (ranges[i + 1]?.from ?? Number.POSITIVE_INFINITY) - 1;
    const part = { shard: range.shard, from: Math.max(from, range.from), to: Math.min(to, end) };
    return part.from <= part.to ? [part] : [];
  });
}

/** These places by shard. */
export function seqsByShard(
  ranges: readonly ShardRange[],
  seqs: readonly number[],
): { readonly shard: number; readonly seqs: readonly number[] }[] {
  return partsByShard(ranges, 1, Number.MAX_SAFE_INTEGER)
    .map(({ shard, from, to }) => ({ shard, seqs: seqs.filter((s) => s >= from && s <= to) }))
    .filter((part) => part.seqs.length > 0);
}

/**
 * The ranges with one more. Throws RangeError: a shard is never come back to, or a time could not be found by
 * bisection of one shard after the other.
 */
export function withShard(ranges: readonly ShardRange[], next: ShardRange): readonly ShardRange[] {
  if (ranges.some(({ shard }) => shard === next.shard)) throw new RangeError("shard was used");
  const last = ranges.at(-1);
  // Nothing lies in the newest range yet: it is replaced, not left empty.
  if (last && last.from === next.from) return [...ranges.slice(0, -1), next];
  if (last && last.from > next.from) throw new RangeError("shards go on with the log");
  return [...ranges, next];
}

import { ProtocolError } from "../../protocol/errors.ts";
import type { Core } from "../core.ts";
import { withShard } from "../rules/shards.ts";

/**
 * Lets history go on in another shard from the next place on, which is returned (decision "archive shards"). What is
 * in the log by now stays with the former one: some of it may be there already without being noted. Throws
 * ProtocolError `bad_request` for a shard that is not bound or was used by this conversation before.
 */
export function continueOnShard(core: Core, shard: number): number {
  const memory = core.get();
  const from = memory.last.seq + 1;
  if (!core.deps.hasShard(shard)) throw new ProtocolError("bad_request", "no such shard");
  core.transact(() => {
    memory.shards = addShard(memory.shards, { from, shard });
    memory.isReportDue = true;
    core.stores.meta.putShard({ from, shard });
  });
  return from;
}

function addShard(...asked: Parameters<typeof withShard>): ReturnType<typeof withShard> {
  try {
    return withShard(...asked);
  } catch (error) {
    if (error instanceof RangeError) throw new ProtocolError("bad_request", error.message);
    throw error;
  }
}

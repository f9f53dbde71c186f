import type { operatorEndpoints } from "../../protocol/http/operator.ts";

export const operatorSummaries: Readonly<Record<keyof typeof operatorEndpoints, string>> = {
  afterRestore: "One step of what has to follow a restored database (docs/OPERATIONS.md)",
  continueOnShard:
    "One step of moving conversations on from a full archive shard (docs/OPERATIONS.md)",
};

import type { systemEndpoints } from "../../protocol/http/system.ts";

export const systemSummaries: Readonly<Record<keyof typeof systemEndpoints, string>> = {
  health: "Whether the Worker answers",
  setup: "Whether the first administrator is still to be made (I7)",
};

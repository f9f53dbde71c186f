import type { systemEndpoints } from "../../protocol/http/system.ts";

export const systemSummaries: Readonly<Record<keyof typeof systemEndpoints, string>> = {
  health: "Whether the Worker answers, and how many conversations are behind since when",
  setup: "Whether a setup link makes an administrator now, and whether that is the first (I7)",
};

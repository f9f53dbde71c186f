import type { privateRecordEndpoints } from "../../protocol/http/private-records.ts";

export const privateRecordSummaries: Readonly<Record<keyof typeof privateRecordEndpoints, string>> =
  {
    privatePage: "The caller's private records, a page at a time (K9)",
    privateRecord: "One private record",
    putPrivate: "Write a private record by compare-and-swap",
  };

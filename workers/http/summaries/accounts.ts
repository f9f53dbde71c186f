import type { accountEndpoints } from "../../protocol/http/accounts.ts";

export const accountSummaries: Readonly<Record<keyof typeof accountEndpoints, string>> = {
  challenge: "A single-use challenge for a passkey or a device signature",
  parkPasskey: "Keep an attested passkey for a day, until its account is made (K10)",
  createAccount: "Create an account by setup link or invitation, all or nothing (K10)",
  manifests: "Manifest chain of an account that shares a conversation with the caller",
  account: "The caller's newest manifest and seals",
  putAccount: "Replace manifest and seals by compare-and-swap (K5)",
  ownManifests: "The caller's manifest chain",
};

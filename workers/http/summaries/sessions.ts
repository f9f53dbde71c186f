import type { sessionEndpoints } from "../../protocol/http/sessions.ts";

export const sessionSummaries: Readonly<Record<keyof typeof sessionEndpoints, string>> = {
  passkeySession: "Sign in with a passkey",
  recoverySession: "Sign in with the recovery code's proof (K11)",
  deviceSession: "Bind or renew a session by a device signature (K12)",
  session: "The caller's session",
  endSession: "Sign out",
  farewell: "Sign this device out for good: its farewell is kept and its sessions end (K3)",
  sessions: "The caller's sessions",
  revokeSession: "End one of the caller's sessions and its sockets",
};

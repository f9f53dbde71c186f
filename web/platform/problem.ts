/** A failure of the client's own, beside the server's refusals (ProtocolError). */
export type PlatformFailure =
  | "offline"
  | "storage"
  | "passkey_cancelled"
  | "passkey_unsupported"
  | "microphone_denied"
  | "microphone_missing"
  | "recording_failed";

export class PlatformError extends Error {
  override readonly name = "PlatformError";
  constructor(
    readonly failure: PlatformFailure,
    cause?: unknown,
  ) {
    super(failure, { cause });
  }
}

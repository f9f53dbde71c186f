/** What a client refuses on its own judgement; the server's refusals are ProtocolError's. */
export type CoreErrorCode =
  /** a seal or record did not open; one code for every cause (E5) */
  | "open_failed"
  /** a mistyped recovery code (K4) */
  | "bad_recovery_code"
  /** not a Thyme link, or cut off when copied (I1) */
  | "bad_link"
  /** made by a newer Thyme (E4) */
  | "unsupported_version"
  /** an opened seed does not match its public key in the manifest (K5) */
  | "seals_refused"
  /** the account shown is not the one that this code or passkey was made for (K4) */
  | "account_substituted"
  /** a manifest is badly signed or does not follow its predecessor (K5) */
  | "manifest_refused"
  /** the server shows less than was pinned (K6) */
  | "manifest_lower"
  /** two manifests of one version (K6) */
  | "manifest_forked"
  /** not an attack: versions that are to be fetched first (C8); see `need` */
  | "manifest_needed"
  /** not an attack: sealed to a generation of the own account whose key is still to be opened (K3) */
  | "user_key_needed"
  /** a roster names a higher version of the own account than was shown (K6) */
  | "own_account_hidden"
  /** a bundle breaks a rule (C2, C4, C5, C7, C8) */
  | "bundle_refused"
  /** two bundles at one n (C5) */
  | "bundle_forked"
  /** not an attack: an earlier bundle is to be fetched first */
  | "bundle_gap"
  /** the conversation is not the inviter's, or the invitation is not pending (I3) */
  | "invitation_mismatch"
  /** a private record is older than one already seen (K9) */
  | "record_lower"
  /** the device's store could not read it back (E1) */
  | "unstorable"
  /** a text, a list or a count is over its cap */
  | "too_long"
  /** a server promises more than there can be, or brings the same again and again */
  | "unbounded"
  /** this account may not do that (C4) */
  | "not_allowed";

/** The manifests that have to be fetched before a bundle or an envelope can be judged. */
export interface ManifestNeed {
  readonly account: Uint8Array;
  readonly version: number;
}

/** A refusal by the client's own checks. Its message is for logs and never reaches a peer (E5). */
export class CoreError extends Error {
  override readonly name = "CoreError";
  constructor(
    readonly code: CoreErrorCode,
    detail?: string,
    readonly need?: ManifestNeed,
  ) {
    super(detail ? `${code}: ${detail}` : code);
  }
}

/** A3: where making an invitation stands; each step is stored before the next is taken. */
export interface InvitationProgress {
  /** the secret is in private state, acknowledged by the server */
  readonly secretKept: boolean;
  /** the bundle that has the entry pending was accepted */
  readonly bundleAccepted: boolean;
}

/** A3: keep the secret, then send the bundle, then show the link: a link shown always works. */
export function nextInvitationStep(
  progress: InvitationProgress,
): "keep-secret" | "send-bundle" | "show-link" {
  if (!progress.secretKept) return "keep-secret";
  return progress.bundleAccepted ? "show-link" : "send-bundle";
}

/** A3: where a join stands. */
export interface JoinProgress {
  readonly manifestAccepted: boolean;
  readonly bundleAccepted: boolean;
}

/** A3: manifest, then bundle; the secret of the link is kept until the join is accepted. */
export function nextJoinStep(
  progress: JoinProgress,
): "send-manifest" | "send-bundle" | "forget-secret" {
  if (!progress.manifestAccepted) return "send-manifest";
  return progress.bundleAccepted ? "forget-secret" : "send-bundle";
}

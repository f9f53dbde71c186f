import { type BundleCore, type BundleUpload, decodeBundleCore } from "../../protocol/bundle.ts";
import { findMember, findPending } from "../../protocol/bundle-entries.ts";
import { type CheckedBundle, checkAttachments, checkBundle } from "../../protocol/bundle-rules.ts";
import { equalBytes } from "../../protocol/bytes.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import { type AccountId, accountIdText } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { decodeManifestCore } from "../../protocol/manifest.ts";
import { findDevice } from "../../protocol/manifest-rules.ts";
import { type Ed25519Verifier, verifySigned } from "../../protocol/signing.ts";
import type { Standing } from "./access.ts";
import type { Speaker } from "./append.ts";

const refuse = (why: string): never => {
  throw new ProtocolError("bundle_refused", why);
};

export interface Admission {
  readonly upload: BundleUpload;
  readonly author: Speaker;
  /** of the author, to the conversation before this bundle */
  readonly standing: Standing;
  /** the head; null for bundle 0 */
  readonly before: CheckedBundle | null;
  readonly now: number;
}

/** Of times the server checks that no bundle comes from the future and that no invitation is open for ever. */
function checkTimes(core: BundleCore, before: CheckedBundle | null, now: number): void {
  if (core.time > now + LIMITS.clockSkewMs) refuse("signed in the future");
  for (const entry of core.pending) {
    const isNew = !before?.core.pending.some((old) => equalBytes(old.signPub, entry.signPub));
    if (!isNew) continue;
    if (entry.expiry > now + LIMITS.invitationMaxMs) refuse("the invitation would live too long");
    if (entry.expiry <= now) refuse("the invitation has expired already");
  }
  if (core.change.kind !== "join" || !before) return;
  // I4: by our clock, not by the joiner's.
  const entry = findPending(before.core, core.change.invite);
  if (entry && now > entry.expiry) throw new ProtocolError("invitation_expired");
}

/** C3, C4: everything that needs no neighbour. Throws `bundle_refused`, `invitation_expired` or `not_found`. */
export function precheck(admission: Admission): CheckedBundle {
  const { upload, author, standing, before, now } = admission;
  const claimed = decodeBundleCore(upload.core);
  if (!equalBytes(claimed.author.account, author.account)) refuse("another author");
  if (!equalBytes(claimed.author.device, author.device)) refuse("another device");
  if (before) {
    const { change } = claimed;
    // I6: joining is the claimant's right; everything else is a member's.
    const mayJoin =
      change.kind === "join" &&
      standing.kind === "claimant" &&
      standing.recipients.some((recipient) => equalBytes(recipient, change.invite));
    if (standing.kind !== "member" && !mayJoin) throw new ProtocolError("not_found");
  }
  checkTimes(claimed, before, now);
  const checked = checkBundle(upload.core, before);
  checkAttachments(checked.core, upload);
  return checked;
}

/** What a bundle is verified with: manifests as they were admitted, and Ed25519. */
export interface ManifestSource {
  readonly verifier: Ed25519Verifier;
  /** manifest `version` of an account as it was admitted, or null */
  readonly manifest: (
    account: AccountId,
    version: number,
  ) => Promise<{ readonly core: Uint8Array; readonly hash: Uint8Array } | null>;
}

async function loadManifest(source: ManifestSource, account: Uint8Array, version: number) {
  try {
    return await source.manifest(accountIdText(account), version);
  } catch {
    throw new ProtocolError("unavailable", "manifests");
  }
}

/** C8: authority comes from the version that is named; what the bundle before named was checked with it. */
async function checkManifests(
  source: ManifestSource,
  core: BundleCore,
  before: CheckedBundle | null,
): Promise<void> {
  const renewed = core.roster.filter(({ account, manifest }) => {
    const old = before && findMember(before.core, account);
    return (
      old?.manifest.version !== manifest.version || !equalBytes(old.manifest.hash, manifest.hash)
    );
  });
  await Promise.all(
    renewed.map(async ({ account, manifest }) => {
      const stored = await loadManifest(source, account, manifest.version);
      if (!stored || !equalBytes(stored.hash, manifest.hash)) refuse("no such manifest");
    }),
  );
}

/** C3: signatures and manifests, as defence in depth; clients trust none of it. Throws ProtocolError. */
export async function verifyBundle(
  source: ManifestSource,
  { upload, before }: Admission,
  { core }: CheckedBundle,
): Promise<void> {
  const { account, device, manifestVersion } = core.author;
  const manifest = await loadManifest(source, account, manifestVersion);
  const author = manifest && findDevice(decodeManifestCore(manifest.core), device);
  if (!author) return refuse("the author's manifest has no such device");
  const { verifier } = source;
  const { core: bytes, signature, inviteSignature } = upload;
  if (!(await verifySigned(verifier, "sign-bundle", author.signPub, bytes, signature))) {
    refuse("signature");
  }
  if (core.change.kind === "join") {
    const entry = before && findPending(before.core, core.change.invite);
    const signer = entry?.signPub ?? refuse("no such invitation");
    const invited = inviteSignature ?? refuse("invite signature");
    // I3: the same core, by the invite key.
    if (!(await verifySigned(verifier, "sign-bundle", signer, bytes, invited))) {
      refuse("invite signature");
    }
  }
  await checkManifests(source, core, before);
}

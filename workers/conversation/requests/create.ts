import type { RequestPeer } from "../../objects/peer.ts";
import { decodeBundleCore, decodeBundleUpload } from "../../protocol/bundle.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Core } from "../core.ts";
import type { Place } from "../rules/append.ts";
import { type RunTurn, type Verdict, acceptBundle } from "./accept-bundle.ts";

/** Bundle 0 makes the conversation; the same one again finds it made. Throws what refuses it. */
export async function create(
  core: Core,
  peer: RequestPeer,
  bundle: Uint8Array,
  run: RunTurn,
): Promise<Place & { readonly isNew: boolean }> {
  const upload = decodeBundleUpload(bundle);
  if (decodeBundleCore(upload.core).n !== 0) throw new ProtocolError("bundle_refused", "not 0");
  const verdict: Verdict = await acceptBundle(core, peer, upload, run, () => null);
  switch (verdict.kind) {
    case "committed":
      return { ...verdict.place, isNew: true };
    case "known":
      return { seq: verdict.bundle.seq, at: verdict.bundle.at, isNew: false };
    case "stale":
      throw new ProtocolError("already_exists");
    case "refused":
      throw new ProtocolError(verdict.error);
  }
}

import type { PeerIdentity } from "../../objects/peer-identity.ts";
import { RequestPeer } from "../../objects/peer.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Core } from "../core.ts";

/** Somebody who may read here, asking by a request. Throws `not_found` for everybody else. */
export function readerOf(core: Core, who: PeerIdentity): RequestPeer {
  const peer = new RequestPeer(who);
  if (core.standing(peer).kind === "stranger") throw new ProtocolError("not_found");
  return peer;
}

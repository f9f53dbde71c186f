import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { bytes32 } from "../protocol/fields.ts";
import { type AccountId, type DeviceId, idBytes } from "../protocol/ids.ts";

const shortText = z.string().check(z.maxLength(128));
// Not strict: during a deployment the other end may be a newer build (decision "both ways").
export const peerIdentity = z.object({
  account: bytes32,
  device: bytes32,
  session: shortText,
  address: shortText,
});
/** Who is at the other end of a socket or request, as the Worker has authenticated it. */
export type PeerIdentity = z.infer<typeof peerIdentity>;

export interface Asking {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly session: string;
}

/** Carries the caller to the object: only the Worker can reach it, and it sets this header itself. */
export const PEER_HEADER = "x-thyme-peer";

export const identityOf = (asking: Asking, address: string): PeerIdentity => ({
  account: idBytes(asking.account),
  device: idBytes(asking.device),
  session: asking.session,
  address: address.slice(0, 128),
});

export const encodePeer = (who: PeerIdentity): Uint8Array => encodeCbor(who);
export const decodePeer = (bytes: Uint8Array): PeerIdentity =>
  decodeCbor(bytes, peerIdentity, 1024);

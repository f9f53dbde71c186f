import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, u64 } from "./bytes.ts";
import { label } from "./labels.ts";
import type { ManifestCore } from "./manifest.ts";

/** A device that is not live any more (K3, K5). */
export type GoneDevice = ManifestCore["gone"][number];

/** Devices that are gone: those of this manifest by name, all before them as a count and one hash. */
export type GoneDevices = Pick<ManifestCore, "gone" | "folded">;

const ways: Readonly<Record<GoneDevice["how"], number>> = { departed: 0, revoked: 1 };

/** K5: SHA-256 over the hash so far (zeros at the start), the device, how it went (one byte) and when. */
function fold(folded: GoneDevices["folded"], one: GoneDevice): NonNullable<GoneDevices["folded"]> {
  const before = folded?.hash ?? new Uint8Array(32);
  const how = Uint8Array.of(ways[one.how]);
  const input = concatBytes(label("gone-devices"), before, one.device, how, u64(one.at));
  return { count: (folded?.count ?? 0) + 1, hash: sha256(input) };
}

/** K5: what a manifest says of gone devices when these go, in this order: there is one right answer. */
export function goneAfter(before: GoneDevices, added: readonly GoneDevice[]): GoneDevices {
  return { gone: [...added], folded: before.gone.reduce(fold, before.folded) };
}

import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import {
  type FarewellCore,
  decodeSignedFarewell,
  farewellOf,
} from "../../../workers/protocol/farewell.ts";
import type { ManifestCore } from "../../../workers/protocol/manifest.ts";
import type { Ed25519Verifier } from "../../../workers/protocol/signing.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import type { Signer } from "../crypto/ed25519.ts";
import type { Departure } from "./manifest.ts";

/** K3: the farewell of this device, as it travels. */
export async function signFarewell(
  signer: Signer,
  said: Omit<FarewellCore, "v">,
): Promise<Uint8Array> {
  const core = encodeCbor({ v: PROTOCOL_VERSION, ...said } satisfies FarewellCore);
  return encodeCbor({ core, signature: await signer.sign("sign-farewell", core) });
}

/** K3: who of this manifest's devices left a farewell that holds; the server can make nobody depart. */
export async function departuresAmong(
  verifier: Ed25519Verifier,
  manifest: ManifestCore,
  shown: readonly Uint8Array[],
): Promise<Departure[]> {
  const departures = new Map<string, Departure>();
  for (const bytes of shown) {
    const said = await readable(() => farewellOf(verifier, manifest, decodeSignedFarewell(bytes)));
    if (said) departures.set(said.device.join(), { device: said.device, time: said.time });
  }
  return [...departures.values()];
}

async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch {
    // Bytes that say nothing are no farewell.
    return null;
  }
}

import { ERRORS, ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { SignedManifest } from "../../../../workers/protocol/manifest.ts";
import { type PreparedRecord, holds } from "./prepared-manifest.ts";

/** What the server is asked, in this order. */
interface Questions {
  /** begins a session, which only a device that is live at the server gets */
  readonly bind: () => Promise<void>;
  /** the own chain from version 1 */
  readonly chain: () => Promise<readonly SignedManifest[]>;
}

/**
 * A1: a device that stopped between preparing its manifest and pinning it finds out at the next start whether the server
 * has that very manifest. The chain that holds it, nothing of it verified; null: its keys are to be dropped. Only a
 * definitive answer lets them go; a server in trouble or no network is thrown, and the next start asks again.
 */
export async function settleDevice(
  prepared: Pick<PreparedRecord, "signed">,
  { bind, chain }: Questions,
): Promise<readonly SignedManifest[] | null> {
  try {
    await bind();
    const shown = await chain();
    return holds(shown, prepared) ? shown : null;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    switch (ERRORS[error.code].remedy) {
      case "sign-in":
      case "give-up":
        return null;
      case "retry":
      case "reseal":
      case "rebuild":
      case "update-app":
        throw error;
    }
  }
}

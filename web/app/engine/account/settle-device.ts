import { ERRORS, ProtocolError } from "../../../../workers/protocol/errors.ts";

/**
 * A1: a device that stopped between its manifest and its binding finds out at the next start whether the server
 * has that manifest, for only then can it bind. Only a definitive answer lets its keys go; a server in trouble or
 * no network is thrown, and the next start asks again.
 */
export async function settleDevice(bind: () => Promise<void>): Promise<"done" | "drop"> {
  try {
    await bind();
    return "done";
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    switch (ERRORS[error.code].remedy) {
      case "sign-in":
      case "give-up":
        return "drop";
      case "retry":
      case "reseal":
      case "rebuild":
      case "update-app":
        throw error;
    }
  }
}

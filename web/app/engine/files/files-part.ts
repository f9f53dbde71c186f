import type { Clock } from "../../../platform/clock.ts";
import { fileCrypto } from "../../../platform/files/file-crypto.ts";
import { createFileTransport } from "../../../platform/files/transport.ts";
import { systemOnline } from "../../../platform/network.ts";
import { type FilesSurroundings, type OpenFiles, createFiles } from "./files.ts";
import { openCopies } from "./open-copies.ts";

/** What files need of the signed-in device. */
export interface OpenedWith
  extends Omit<FilesSurroundings, "crypto" | "copies" | "transport" | "pause" | "online"> {
  /** hears the time of answers that have bytes */
  readonly clock: Pick<Clock, "heard">;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Files, with what this browser has for them. */
export async function openFiles(given: OpenedWith): Promise<OpenFiles> {
  return createFiles({
    ...given,
    crypto: fileCrypto,
    copies: await openCopies(given.deps.now),
    transport: createFileTransport(given.clock),
    pause,
    online: systemOnline,
  });
}

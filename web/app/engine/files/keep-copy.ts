import { type BlobId, blobIdText } from "../../../../workers/protocol/ids.ts";
import { layoutOf } from "../../../core/files/layout.ts";
import { type SealedFile, sealFile } from "../../../core/files/seal.ts";
import type { Source } from "../../../core/files/source.ts";
import { checkRoom } from "../../../platform/files/copies.ts";
import { COPIES_LOCK, type FilesAround } from "./around.ts";

/** A copy that is stored, and what opens it. */
export interface KeptCopy extends SealedFile {
  readonly blob: Uint8Array;
}

/**
 * F1, A6: seals a file into a copy of its own, under a key and a name of its own, then has `record` note it. A crash in
 * between leaves a copy that nothing names, which goes with the next tidying. Throws FileError.
 */
export const keepCopy = <T>(
  { deps, crypto, copies }: Pick<FilesAround, "deps" | "crypto" | "copies">,
  source: Source,
  record: (copy: KeptCopy) => Promise<T>,
): Promise<T> =>
  navigator.locks.request(COPIES_LOCK, { mode: "shared" }, async () => {
    if (copies.isDurable) await checkRoom(layoutOf(source.size).bytes);
    const blob = deps.suite.random.bytes(16);
    const name: BlobId = blobIdText(blob);
    const writer = await copies.create("sending", name);
    let sealed: SealedFile;
    try {
      sealed = await sealFile(crypto, deps.suite.random, source, (bytes) => writer.write(bytes));
      await writer.finish();
    } catch (error) {
      await writer.drop();
      throw error;
    }
    try {
      return await record({ ...sealed, blob });
    } catch (error) {
      await copies.remove("sending", name);
      throw error;
    }
  });

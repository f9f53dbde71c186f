import { FileError } from "../../core/files/refused.ts";
import type { Source } from "../../core/files/source.ts";

/** What a person chose, read piece by piece. A file that is changed or removed meanwhile cannot be read any more. */
export const blobSource = (blob: Blob): Source => ({
  size: blob.size,
  async read(from, to) {
    try {
      return new Uint8Array(await blob.slice(from, to).arrayBuffer());
    } catch (cause) {
      throw new FileError("file_changed", String(cause));
    }
  },
});

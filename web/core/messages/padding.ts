import { paddedLength } from "../../../workers/protocol/padded-length.ts";
import { CoreError } from "../errors.ts";

/** M8: the bytes, 0x80, zeros. */
export function pad(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(paddedLength(bytes.length + 1));
  out.set(bytes);
  out[bytes.length] = 0x80;
  return out;
}

/** Inverse of {@link pad}. Throws CoreError `open_failed` for anything but its output. */
export function unpad(padded: Uint8Array): Uint8Array {
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 0x80 || paddedLength(end + 1) !== padded.length) {
    throw new CoreError("open_failed", "padding (M8)");
  }
  return padded.subarray(0, end);
}

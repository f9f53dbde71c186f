import { ProtocolError } from "../protocol/errors.ts";
import { LIMITS } from "../protocol/limits.ts";

/** Reads at most `cap` bytes; a longer body is refused before it is in memory. */
async function readCapped(request: Request, cap: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? "0");
  if (declared > cap) throw new ProtocolError("too_large", "content-length");
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > cap) {
      await reader.cancel();
      throw new ProtocolError("too_large", "body");
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** The JSON of a request. Throws ProtocolError `too_large` or `bad_request`. */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readCapped(request, LIMITS.body);
  try {
    const value: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    );
    return value;
  } catch {
    throw new ProtocolError("bad_request", "not JSON");
  }
}

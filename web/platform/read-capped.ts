/** Bytes of an answer, read as they come. Null: there are more than `most`, and the rest is not fetched. */
async function bytesOf(response: Response, most: number): Promise<Uint8Array | null> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export type Json = { readonly value: unknown } | "too-large";

/**
 * E1: what an answer says as JSON, if it has at most so many bytes: its length is whatever the server sends, and memory is
 * not. Throws as `fetch` does when the connection ends, SyntaxError for what is no JSON.
 */
export async function readJson(response: Response, most: number): Promise<Json> {
  const bytes = await bytesOf(response, most);
  if (!bytes) return "too-large";
  return { value: JSON.parse(new TextDecoder().decode(bytes)) };
}

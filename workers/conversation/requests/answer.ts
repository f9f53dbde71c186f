import { refusalOf } from "../../http/failure.ts";
import type { Answer } from "../../objects/answer.ts";

/** Runs work and turns whatever it throws into a refusal of the closed list. */
export async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { code, retryAfterMs } = refusalOf(error, "Conversation");
    return { ok: false, error: code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

const RETRIES = 20;

/**
 * Asks again what is refused for its rate, or not answered. Throws for what is refused for good, and for a server that
 * never answers.
 * @param {() => Promise<Response>} ask
 * @param {(ms: number) => Promise<unknown>} wait
 * @returns {Promise<unknown>}
 */
export async function untilAnswered(ask, wait) {
  for (let failures = 1; ; failures += 1) {
    const answer = await ask().catch(() => null);
    if (answer?.ok) return answer.json();
    const refusal = await answer?.json().catch(() => null);
    const isFinal = answer !== null && answer.status < 429;
    if (isFinal || failures > RETRIES) {
      throw new Error(
        `Thyme did not go on: ${answer?.status ?? "no answer"} ${refusal?.error ?? ""}`,
      );
    }
    await wait(refusal?.retryAfterMs ?? 3000);
  }
}

/** @param {number} ms */
export const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

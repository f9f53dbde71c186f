/** What a push service made of a push. */
export type PushOutcome =
  | { readonly kind: "sent"; readonly status: number }
  /** 404, 410: it no longer knows the subscription */
  | { readonly kind: "gone"; readonly status: number }
  /** redirects included, which are not followed */
  | { readonly kind: "refused"; readonly status: number | null }
  /** null: no answer */
  | { readonly kind: "unreachable"; readonly status: number | null; readonly retryAfterMs: number };

/** A push that found nobody for so long is pointless: also what the push service is told (RFC 8030 section 5.2). */
export const PUSH_LIFE_MS = 3 * 24 * 60 * 60 * 1000;

/** After so many attempts a push is given up; the next message rings anew. */
export const MOST_TRIES = 8;

const FIRST_MS = 5_000;
const LONGEST_MS = 60 * 60 * 1000;

/** RFC 9110 section 10.2.3: seconds, or a date. 0: it says nothing that can be understood. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/** What this answer means. A status that no push service gives is a refusal. */
export function outcomeOf(status: number, retryAfter: string | null, now: number): PushOutcome {
  if (status >= 200 && status < 300) return { kind: "sent", status };
  if (status === 404 || status === 410) return { kind: "gone", status };
  if (status === 408 || status === 429 || status >= 500) {
    return { kind: "unreachable", status, retryAfterMs: retryAfterMs(retryAfter, now) };
  }
  return { kind: "refused", status };
}

/**
 * When to try again after `tries` attempts in vain, or null: never. Never before the push service's own time; a
 * push that would be older than its life by then is given up.
 */
export function nextTry(
  push: { readonly since: number; readonly tries: number },
  wait: number,
  now: number,
  random: number,
): number | null {
  if (push.tries >= MOST_TRIES) return null;
  const backoff = Math.min(LONGEST_MS, FIRST_MS * 2 ** (push.tries - 1));
  const at = now + Math.max(Math.round(backoff * (0.5 + random / 2)), wait);
  return at > push.since + PUSH_LIFE_MS ? null : at;
}

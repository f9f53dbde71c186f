import type { Outcome } from "../../app/models.ts";
import { duration } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { Banner } from "./banner.tsx";

export type Failure = Extract<Outcome, { ok: false }>;

/** What happened, what was kept, what to do; with the time to wait where the server named one. */
export function problemText(failure: Failure): string {
  if (failure.problem === "rate_limited" && failure.retryAfterMs !== undefined) {
    return text().waitThenRetry(duration(locale.value, failure.retryAfterMs));
  }
  return text().problems[failure.problem];
}

export function Problem({ failure }: { failure: Failure | null }) {
  if (failure === null) return null;
  return (
    <Banner kind="danger" icon="alert" alert>
      <p>{problemText(failure)}</p>
    </Banner>
  );
}

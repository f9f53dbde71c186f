import type { ProblemCode } from "../../app/view.ts";
import { Button } from "../kit/button.tsx";
import { Mark } from "../kit/mark.tsx";
import { type Failure, Problem } from "../kit/problem.tsx";
import { useScreen } from "../kit/use-screen.ts";
import { text } from "../text/language.ts";

interface Props {
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly onRetry: () => void;
  readonly onPasskey: () => void;
}

/** With these the same passkey will not be taken a second time; another one, or none, may be. */
const PASSKEY_PROBLEMS: readonly ProblemCode[] = ["passkey_refused", "challenge_refused"];

export function FinishStep({ busy, failure, onRetry, onPasskey }: Props) {
  const t = text().onboarding;
  const title = failure === null ? t.finishTitle : t.finishFailedTitle;
  const heading = useScreen(title, failure === null ? "" : "failed");
  const passkeyAtFault = failure !== null && PASSKEY_PROBLEMS.includes(failure.problem);
  return (
    <div class="stack">
      {failure === null && <Mark icon="thyme" />}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {failure === null && <output class="quiet">{t.finishing}</output>}
      {failure === null && <div class="progress" aria-hidden="true" />}
      <Problem failure={failure} />
      {failure !== null && (
        <div class="bottom">
          <Button kind="primary" large wide busy={busy} onClick={onRetry}>
            {text().common.tryAgain}
          </Button>
          {passkeyAtFault && (
            <Button large wide onClick={onPasskey}>
              {t.createPasskey}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

import { useSignal } from "@preact/signals";
import { Banner } from "../kit/banner.tsx";
import { Button } from "../kit/button.tsx";
import { Mark } from "../kit/mark.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

interface CreateProps {
  readonly onCreated: (confirm: boolean) => void;
  readonly onWithout: () => void;
}

export function CreateStep({ onCreated, onWithout }: CreateProps) {
  const { onboarding } = useModels();
  const { busy, failure, run } = useAction();
  const t = text().onboarding;
  const heading = useScreen(t.passkeyTitle);

  const create = async (): Promise<void> => {
    const done = await run(() => onboarding.createPasskey());
    if (done) onCreated(done.value.confirm);
  };

  return (
    <div class="stack">
      <Mark icon="fingerprint" />
      <h1 ref={heading} tabIndex={-1}>
        {t.passkeyTitle}
      </h1>
      <p class="quiet">{t.passkeyIntro}</p>
      <div class="bottom">
        <Problem failure={failure.value} />
        <Button kind="primary" large wide busy={busy.value} onClick={() => void create()}>
          {t.createPasskey}
        </Button>
        <Button large wide onClick={onWithout}>
          {t.withoutPasskey}
        </Button>
        <p class="hint centre">{t.withoutPasskeyHint}</p>
      </div>
    </div>
  );
}

interface ConfirmProps {
  readonly onConfirmed: () => void;
  readonly onWithout: () => void;
}

/** K7: a passkey counts only after it was used once. If that fails for good, the way without it stays open. */
export function ConfirmStep({ onConfirmed, onWithout }: ConfirmProps) {
  const { onboarding } = useModels();
  const { busy, failure, run } = useAction();
  const again = useSignal(false);
  const t = text().onboarding;
  const heading = useScreen(t.confirmTitle);

  const confirm = async (): Promise<void> => {
    const done = await run(() => onboarding.confirmPasskey());
    if (!done) return;
    if (done.value.again) again.value = true;
    else onConfirmed();
  };

  return (
    <div class="stack">
      <Mark icon="shield" />
      <h1 ref={heading} tabIndex={-1}>
        {t.confirmTitle}
      </h1>
      <p class="quiet">{t.confirmIntro}</p>
      <div class="bottom">
        {again.value && failure.value === null && (
          <Banner alert>
            <p>{t.confirmAgain}</p>
          </Banner>
        )}
        <Problem failure={failure.value} />
        <Button kind="primary" large wide busy={busy.value} onClick={() => void confirm()}>
          {t.confirmPasskey}
        </Button>
        {failure.value !== null && (
          <Button kind="plain" large wide onClick={onWithout}>
            {t.withoutPasskey}
          </Button>
        )}
      </div>
    </div>
  );
}

import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import type { LinkState } from "../../app/view.ts";
import { Button } from "../kit/button.tsx";
import { useCopy } from "../kit/copy.tsx";
import { Checkbox } from "../kit/field.tsx";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { PrintedKit } from "./printed-kit.tsx";

interface Props {
  readonly kind: LinkState["kind"];
  readonly name: string;
  readonly recoveryCode: string;
  readonly onContinue: () => void;
}

export function KitStep({ kind, name, recoveryCode, onContinue }: Props) {
  const { passkeys } = useModels();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const stored = useSignal(false);
  const missing = useSignal(false);
  const { said, copy } = useCopy(field);
  const t = text().onboarding;
  const heading = useScreen(t.kitTitle);

  return (
    <>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          missing.value = !stored.value;
          if (stored.value) onContinue();
        }}
      >
        <h1 ref={heading} tabIndex={-1}>
          {t.kitTitle}
        </h1>
        <p class="quiet">{kind === "setup" ? t.kitIntroAdministrator : t.kitIntro}</p>
        {!passkeys && <p class="quiet">{t.noPasskeysHere}</p>}
        <div>
          <label class="hidden-text" for={id}>
            {t.recoveryCode}
          </label>
          <div class="kit-code">
            <textarea
              ref={field}
              id={id}
              readOnly
              rows={3}
              dir="ltr"
              spellcheck={false}
              translate={false}
              value={recoveryCode}
            />
          </div>
        </div>
        <div>
          <div class="two">
            <Button large icon="copy" onClick={copy}>
              {text().common.copy}
            </Button>
            <Button large icon="print" onClick={() => print()}>
              {t.print}
            </Button>
          </div>
          <output class="copied centre">{said}</output>
        </div>
        <Checkbox
          label={t.kitStored}
          checked={stored.value}
          onChange={(checked) => {
            stored.value = checked;
            missing.value = false;
          }}
          error={missing.value ? t.kitMissing : null}
        />
        <div class="bottom">
          <Button kind="primary" type="submit" large wide>
            {text().common.continue}
          </Button>
        </div>
      </form>
      <PrintedKit name={name} recoveryCode={recoveryCode} />
    </>
  );
}

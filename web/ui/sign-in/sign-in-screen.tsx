import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Banner } from "../kit/banner.tsx";
import { Button } from "../kit/button.tsx";
import { TextField } from "../kit/field.tsx";
import { Mark } from "../kit/mark.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { PublicPage } from "../pages/public-page.tsx";
import { text } from "../text/language.ts";

const IDLE_MS = 1_500;

type Mode = "passkey" | "code" | "passkey-needs-code";

/** `preloadNext` fetches the screens that follow. */
export function SignInScreen({ preloadNext }: { preloadNext: () => void }) {
  const { signIn, passkeys } = useModels();
  const mode = useSignal<Mode>(passkeys ? "passkey" : "code");
  const { busy, failure, run } = useAction();
  const t = text().signIn;
  const heading = useScreen(t.screen, mode.value);

  useEffect(() => {
    // What comes next is fetched while the person looks for their passkey.
    const timer = setTimeout(preloadNext, IDLE_MS);
    return () => clearTimeout(timer);
  }, [preloadNext]);

  const show = (next: Mode): void => {
    failure.value = null;
    mode.value = next;
  };

  const withPasskey = async (): Promise<void> => {
    const done = await run(() => signIn.withPasskey());
    if (done?.value.next === "code") show("passkey-needs-code");
  };

  return (
    <PublicPage notice>
      {mode.value === "passkey" ? (
        <div class="stack">
          <div class="welcome">
            <Mark icon="thyme" />
            <h1 ref={heading} tabIndex={-1}>
              {t.title}
            </h1>
            <p class="quiet">{t.intro}</p>
          </div>
          <div class="bottom">
            <Problem failure={failure.value} />
            <Button kind="primary" large wide busy={busy.value} onClick={() => void withPasskey()}>
              {t.withPasskey}
            </Button>
            <Button large wide onClick={() => show("code")}>
              {t.useCode}
            </Button>
            <p class="hint centre">{t.newHere}</p>
          </div>
        </div>
      ) : (
        <div class="stack">
          <h1 ref={heading} tabIndex={-1}>
            {mode.value === "passkey-needs-code" ? t.needsCodeTitle : t.title}
          </h1>
          {mode.value === "passkey-needs-code" && (
            <Banner icon="shield">
              <p>{t.needsCode}</p>
            </Banner>
          )}
          <CodeForm onPasskey={passkeys ? () => show("passkey") : null} />
        </div>
      )}
    </PublicPage>
  );
}

function CodeForm({ onPasskey }: { onPasskey: (() => void) | null }) {
  const { signIn } = useModels();
  const code = useSignal("");
  const missing = useSignal(false);
  const { busy, failure, run } = useAction();
  const t = text().signIn;

  const submit = async (): Promise<void> => {
    missing.value = code.value.trim() === "";
    if (!missing.value) await run(() => signIn.withCode(code.value));
  };

  return (
    <form
      class="stack code-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label={t.code}
        hint={t.codeHint}
        value={code.value}
        onInput={(value) => {
          code.value = value;
          missing.value = false;
        }}
        error={missing.value ? t.codeMissing : null}
        autoCapitalize="characters"
        enterKeyHint="go"
        code
      />
      <div class="bottom">
        <Problem failure={failure.value} />
        <Button kind="primary" type="submit" large wide busy={busy.value}>
          {t.submit}
        </Button>
        {onPasskey && (
          <Button kind="plain" wide onClick={onPasskey}>
            {t.usePasskey}
          </Button>
        )}
      </div>
    </form>
  );
}

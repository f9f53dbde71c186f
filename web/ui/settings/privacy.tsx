import type { Preferences } from "../../app/view.ts";
import { Checkbox } from "../kit/field.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useModels } from "../shell/models-context.ts";
import { text } from "../text/language.ts";

/** What others are told beside the messages; each switch works both ways. */
export function Privacy() {
  const { privacy } = useModels();
  const { failure, run } = useAction();
  const { settings, common, privacySwitches: t } = text();
  const chosen = privacy.preferences.value;
  const set = (change: Partial<Preferences>): void => void run(() => privacy.set(change));
  return (
    <section>
      <h2>{settings.privacy}</h2>
      <div class="card">
        {chosen !== null && (
          <>
            <Checkbox
              label={t.receipts}
              hint={t.receiptsHelp}
              checked={chosen.receipts}
              onChange={(receipts) => set({ receipts })}
            />
            <Checkbox
              label={t.typing}
              hint={t.typingHelp}
              checked={chosen.typing}
              onChange={(typing) => set({ typing })}
            />
            <Checkbox
              label={t.presence}
              hint={t.presenceHelp}
              checked={chosen.presence}
              onChange={(presence) => set({ presence })}
            />
          </>
        )}
        <Problem failure={failure.value} />
        <p>{settings.privacyHelp}</p>
        <p>
          <a href="/privacy">{common.privacyNotice}</a>
        </p>
      </div>
    </section>
  );
}

import { useSignal } from "@preact/signals";
import type { Preferences } from "../../app/attention-view.ts";
import { Checkbox } from "../kit/field.tsx";
import { type Failure, Problem } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

/** What others are told beside the messages; each switch works both ways. */
export function PreferencesSection() {
  const { preferences } = useModels();
  const failure = useSignal<Failure | null>(null);
  const { settings, common, preferences: t } = text();
  const chosen = preferences.current.value;
  /** Two may be switched within a moment: neither waits for the other. */
  const set = async (change: Partial<Preferences>): Promise<void> => {
    const outcome = await preferences.set(change);
    failure.value = outcome.ok ? null : outcome;
  };
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
              onChange={(receipts) => void set({ receipts })}
            />
            <Checkbox
              label={t.typing}
              hint={t.typingHelp}
              checked={chosen.typing}
              onChange={(typing) => void set({ typing })}
            />
            <Checkbox
              label={t.presence}
              hint={t.presenceHelp}
              checked={chosen.presence}
              onChange={(presence) => void set({ presence })}
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

import { useId } from "preact/hooks";
import { Checkbox } from "../kit/field.tsx";
import { chooseEnterSends, enterSends } from "../state/enter-sends.ts";
import { chooseShortcuts, shortcuts } from "../state/shortcuts.ts";
import { chooseTheme, THEMES, theme } from "../state/theme.ts";
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, language, text } from "../text/language.ts";

export function Appearance() {
  const t = text();
  return (
    <section>
      <h2>{t.settings.appearance}</h2>
      <div class="card">
        <Choice
          label={t.common.language}
          value={language.value}
          options={LANGUAGES.map((code) => [code, LANGUAGE_NAMES[code]])}
          onChoose={(code) => void chooseLanguage(code)}
        />
        <Choice
          label={t.settings.theme}
          value={theme.value}
          options={THEMES.map((name) => [name, t.settings.themes[name]])}
          onChoose={chooseTheme}
        />
        <Checkbox
          label={t.writing.setting}
          hint={t.writing.settingHelp}
          checked={enterSends.value}
          onChange={chooseEnterSends}
        />
        <Checkbox
          label={t.shortcuts.setting}
          hint={t.shortcuts.settingHelp}
          checked={shortcuts.value}
          onChange={chooseShortcuts}
        />
      </div>
    </section>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="select"
        value={value}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.currentTarget.value);
          if (chosen) onChoose(chosen[0]);
        }}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, language, text } from "../text/language.ts";

export function LanguageChoice() {
  return (
    <fieldset class="language-choice">
      <legend class="hidden-text">{text().common.language}</legend>
      {LANGUAGES.map((code) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={language.value === code}
          onClick={() => void chooseLanguage(code)}
        >
          {LANGUAGE_NAMES[code]}
        </button>
      ))}
    </fieldset>
  );
}

import { Brand } from "../kit/brand.tsx";
import { now } from "../kit/clock.ts";
import { fullDate } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import "../styles/print.css";

/** The sheet that comes out of the printer; the screen never shows it. */
export function PrintedKit({ name, recoveryCode }: { name: string; recoveryCode: string }) {
  const t = text().printedKit;
  return (
    <section class="printed" aria-hidden="true">
      <Brand />
      <h1>{t.title}</h1>
      <p>{t.intro}</p>
      <p class="printed-code">{recoveryCode}</p>
      <dl>
        <dt>{t.name}</dt>
        <dd>{name}</dd>
        <dt>{t.address}</dt>
        <dd>{location.origin}</dd>
        <dt>{t.made}</dt>
        <dd>{fullDate(locale.value, now.value)}</dd>
      </dl>
      <ol>
        {t.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>{t.keepSafe}</p>
    </section>
  );
}

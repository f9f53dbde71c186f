import { text } from "../text/language.ts";

export function Steps({ now, of }: { now: number; of: number }) {
  return (
    <div class="steps">
      <span class="hidden-text">{text().onboarding.step(now, of)}</span>
      {Array.from({ length: of }, (_, index) => (
        <i key={index} class={index < now ? "on" : undefined} />
      ))}
    </div>
  );
}

import { now } from "../kit/clock.ts";
import { Icon } from "../kit/icon.tsx";
import { locale, text } from "../text/language.ts";
import { upcoming } from "../text/upcoming.ts";

/** "Muted until Tuesday 08:00", or simply that it is. */
export const mutedText = (until: number | null): string =>
  until === null ? text().menu.muted : text().mutes.until(upcoming(locale.value, until, now.value));

/** Beside what else is said of a conversation. */
export function MutedNote({ until }: { until: number | null }) {
  return (
    <span class="standing muted-note">
      <Icon name="mute" size={16} />
      <span class="ellipsis">{mutedText(until)}</span>
    </span>
  );
}

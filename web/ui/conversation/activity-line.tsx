import type { Activity } from "../../app/attention-view.ts";
import { now } from "../kit/clock.ts";
import { momentWords } from "../text/moments.ts";
import { locale, text } from "../text/language.ts";

function typingWords(names: readonly string[]): string {
  const t = text().activity;
  const [first] = names;
  if (first === undefined) return "";
  if (names.length === 1) return t.typing(first);
  return t.typingMany(new Intl.ListFormat(locale.value).format(names));
}

function presenceWords({ online, lastSeen }: Activity): string {
  const t = text().activity;
  if (online) return t.online;
  return lastSeen === null ? "" : t.lastSeen(momentWords(lastSeen, now.value));
}

/**
 * Who is typing, else whether they are here, else when they were. The status is always in the document, or
 * assistive technology would not notice its words.
 */
export function ActivityLine({ activity }: { activity: Activity | null }) {
  const typing = activity === null ? "" : typingWords(activity.typing);
  const presence = activity === null ? "" : presenceWords(activity);
  return (
    <>
      <span role="status" class={typing === "" ? "hidden-text" : "activity typing ellipsis"}>
        {typing}
      </span>
      {typing === "" && presence !== "" && (
        <span class={activity?.online ? "activity online" : "activity"}>
          <span class="ellipsis numbers">{presence}</span>
        </span>
      )}
    </>
  );
}

import { now } from "../kit/clock.ts";
import { dayLabel } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";

interface DayProps {
  readonly at: number;
  readonly onJump: () => void;
}

function DayButton({ at, onJump, tabIndex }: DayProps & { tabIndex?: number }) {
  return (
    <button type="button" class="day-button" tabIndex={tabIndex} onClick={onJump}>
      <span>{dayLabel(locale.value, at, now.value)}</span>
      <span class="hidden-text">. {text().history.jumpToDate}</span>
    </button>
  );
}

/** Stands above the messages of a day; the log's arrow keys reach it (actions/message-focus.ts). */
export const DayHeading = (props: DayProps) => (
  <h2 class="day">
    <DayButton {...props} tabIndex={-1} />
  </h2>
);

/** Says of which day the uppermost message in sight is, while its own heading is out of sight. */
export const FloatingDay = (props: DayProps) => (
  <div class="floating-day">
    <DayButton {...props} />
  </div>
);

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Button } from "../kit/button.tsx";
import { now } from "../kit/clock.ts";
import { Dialog } from "../kit/dialog.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

interface DateDialogProps {
  /** the first day of the conversation, and the day that is on screen */
  readonly earliest: number;
  readonly shown: number;
  readonly onClose: () => void;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** As a date field has it, in local time. */
const fieldDate = (at: number): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** Asks for a day and shows the history from its first message on. */
export function DateDialog({ earliest, shown, onClose }: DateDialogProps) {
  const { conversation } = useModels();
  const id = useId();
  const day = useSignal(fieldDate(shown));
  const { busy, failure, run } = useAction();
  const t = text();
  return (
    <Dialog title={t.history.jumpToDate} onClose={onClose}>
      <form
        class="date-form"
        // The picker offers the days there are. Who types another sees the first messages or the newest ones: the
        // browser's own refusal would not be in the language of the page.
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const time = new Date(`${day.value}T00:00`).getTime();
          if (Number.isNaN(time)) return;
          // No history is older than 1970, where times begin.
          void run(() => conversation.showDate(Math.max(0, time))).then(
            (done) => done && onClose(),
          );
        }}
      >
        <div class="field">
          <label for={id}>{t.history.date}</label>
          <input
            id={id}
            class="input"
            type="date"
            min={fieldDate(earliest)}
            max={fieldDate(now.value)}
            value={day.value}
            onInput={(event) => (day.value = event.currentTarget.value)}
          />
        </div>
        <Problem failure={failure.value} />
        <div class="actions">
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy.value} disabled={day.value === ""}>
            {t.history.show}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import type { ProblemCode } from "../../app/view.ts";
import type { PendingChange } from "../../app/timeline.ts";
import { Icon } from "../kit/icon.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

interface FailedProps {
  readonly id: PendingChange["id"];
  readonly problem: ProblemCode;
  /** what did not happen, where it is not the message itself */
  readonly what?: string;
}

/** Why something was not sent, and what one can do about it. */
export function FailedActions({ id, problem, what }: FailedProps) {
  const { conversation } = useModels();
  const t = text();
  return (
    <div class="failed-note">
      <p class="error">
        {what} {t.problems[problem]}
      </p>
      <div class="failed-actions">
        <button type="button" onClick={() => void conversation.retry(id)}>
          {t.message.retry}
        </button>
        <button type="button" class="danger" onClick={() => void conversation.discard(id)}>
          {t.message.discard}
        </button>
      </div>
    </div>
  );
}

/** An edit, deletion or reaction of this device that the other side does not have yet (M5). */
export function ChangeNote({ change }: { change: PendingChange }) {
  const { connection } = useModels();
  const t = text().change;
  const { delivery, what } = change;
  switch (delivery.state) {
    case "failed":
      return <FailedActions id={change.id} problem={delivery.problem} what={t.failed[what]} />;
    case "sending":
      // Usually over before one could read it; said only when it cannot be.
      if (connection.value !== "offline") return null;
      return <Waiting said={t.waiting[what]} />;
    case "queued":
      return <Waiting said={t.waiting[what]} />;
    case "sent":
    case "delivered":
    case "read":
      return null;
  }
}

function Waiting({ said }: { said: string }) {
  return (
    <p class="change-note">
      <Icon name="clock" size={16} />
      {said}
    </p>
  );
}

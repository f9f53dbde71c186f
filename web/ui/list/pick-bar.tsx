import type { ConversationId } from "../../app/ids.ts";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../kit/button.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { setArchived } from "./list-actions.ts";
import { chip } from "./list-state.ts";

interface Props {
  readonly picked: ReadonlySet<ConversationId>;
  readonly onDone: () => void;
}

/** What is done with all picked conversations at once; it stands where the filter was. */
export function PickBar({ picked, onDone }: Props) {
  const { conversations } = useModels();
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => bar.current?.focus(), []);
  const t = text();
  const archives = chip.value !== "archived";
  return (
    <div ref={bar} class="pick-bar" role="group" aria-label={t.bulk.select} tabIndex={-1}>
      <p role="status" class="numbers">
        {t.bulk.chosen(picked.size)}
      </p>
      <div class="actions">
        <Button kind="plain" onClick={onDone}>
          {t.common.cancel}
        </Button>
        <Button
          kind="primary"
          disabled={picked.size === 0}
          onClick={() => {
            void setArchived(conversations, [...picked], archives);
            onDone();
          }}
        >
          {archives ? t.menu.archive : t.menu.unarchive}
        </Button>
      </div>
    </div>
  );
}

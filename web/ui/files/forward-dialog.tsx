import { useSignal } from "@preact/signals";
import type { ConversationId } from "../../app/ids.ts";
import type { ConversationSummary } from "../../app/view.ts";
import { Avatar } from "../kit/avatar.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { text } from "../text/language.ts";
import "../styles/forward.css";

interface Props {
  /** of everybody it may go to, the one it stands in left out */
  readonly rows: readonly ConversationSummary[];
  readonly matches: (title: string, query: string) => boolean;
  readonly onChoose: (to: ConversationId, title: string) => void;
  readonly onClose: () => void;
}

/** Chooses the conversation that a file is sent to as well. */
export function ForwardDialog({ rows, matches, onChoose, onClose }: Props) {
  const query = useSignal("");
  const t = text().files;
  const found = rows.filter(({ title }) => matches(title, query.value));
  return (
    <Dialog title={t.forwardTitle} onClose={onClose}>
      <input
        class="input"
        type="search"
        dir="auto"
        aria-label={t.forwardSearch}
        placeholder={t.forwardSearch}
        autocomplete="off"
        spellcheck={false}
        value={query.value}
        onInput={(event) => (query.value = event.currentTarget.value)}
      />
      <ul class="forward-list">
        {found.map(({ id, title }) => (
          <li key={id}>
            <button
              type="button"
              class="forward-row"
              onClick={() => {
                onClose();
                onChoose(id, title);
              }}
            >
              <Avatar name={title} />
              <span class="ellipsis" dir="auto">
                {title}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet">{t.forwardNone}</p>}
    </Dialog>
  );
}

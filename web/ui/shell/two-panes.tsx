import type { ConversationId } from "../../app/ids.ts";
import { useEffect } from "preact/hooks";
import { Conversation, Gallery } from "../shell/screens.tsx";
import { text } from "../text/language.ts";
import { Icon } from "../kit/icon.tsx";
import { useModels } from "../state/models-context.ts";
import { ListPane } from "../list/list-pane.tsx";
import "../styles/two-panes.css";

interface Props {
  readonly id?: ConversationId;
  /** its files instead of its messages */
  readonly isGallery?: boolean;
}

/** The list and, beside it or instead of it, one conversation. */
export function TwoPanes({ id, isGallery = false }: Props) {
  useEffect(() => Conversation.preload(), []);
  return (
    <div class="two-panes" data-view={id === undefined ? "list" : "conversation"}>
      {id !== undefined && <SkipLink />}
      <ListPane selected={id ?? null} />
      <div class="main-pane">
        {id === undefined ? (
          <NothingChosen />
        ) : isGallery ? (
          <Gallery key={id} id={id} />
        ) : (
          <Conversation key={id} id={id} />
        )}
      </div>
    </div>
  );
}

/** Past a list of hundreds, straight to the conversation. */
function SkipLink() {
  return (
    <a
      class="skip-link"
      href="#conversation"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById("conversation")?.focus();
      }}
    >
      {text().common.skip}
    </a>
  );
}

function NothingChosen() {
  const { list, loaded } = useModels().conversations;
  const t = text().list;
  if (!loaded.value || list.value.length === 0) return null;
  return (
    <section class="centred nothing-chosen" aria-label={t.chooseTitle}>
      <Icon name="message" size={32} />
      <h2>{t.chooseTitle}</h2>
      <p class="quiet">{t.choose}</p>
    </section>
  );
}

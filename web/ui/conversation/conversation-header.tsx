import { useSignal } from "@preact/signals";
import type { Activity } from "../../app/attention-view.ts";
import type { ConversationDetails, ConversationSummary } from "../../app/view.ts";
import { Avatar } from "../kit/avatar.tsx";
import { IconButton } from "../kit/button.tsx";
import { Delayed } from "../kit/delayed.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { Icon } from "../kit/icon.tsx";
import { ConversationMenuButton } from "../list/menu-button.tsx";
import { MutedNote } from "../list/muted-note.tsx";
import { useScreen } from "../kit/use-screen.ts";
import { text } from "../text/language.ts";
import { ActivityLine } from "./activity-line.tsx";
import { DetailsBody } from "./details-pane.tsx";

interface Props {
  readonly title: string;
  /** null while the list does not know the conversation yet */
  readonly row: ConversationSummary | null;
  readonly state: ConversationSummary["state"] | null;
  readonly details: ConversationDetails | null;
  readonly activity: Activity | null;
  readonly updating: boolean;
}

function verification(details: ConversationDetails): string {
  const t = text().conversation;
  switch (details.verified) {
    case "by-your-invitation":
      return t.verifiedByYou;
    case "by-their-invitation":
      return t.verifiedByThem;
    case "waiting":
      return t.waiting;
  }
}

/** What the person should know about this conversation, in one line. */
function Standing({ details }: { details: ConversationDetails }) {
  const t = text().conversation;
  if (details.state === "blocked") {
    return (
      <span class="standing danger">
        <Icon name="alert" size={16} />
        <span class="ellipsis">{t.stopped}</span>
      </span>
    );
  }
  if (details.wanting !== null) {
    return (
      <span class="standing">
        <Icon name="clock" size={16} />
        <span class="ellipsis">{t.wantingTitle}</span>
      </span>
    );
  }
  const verified = details.verified !== "waiting";
  return (
    <span class={verified ? "standing verified" : "standing"}>
      {verified && <Icon name="shield" size={16} />}
      <span class="ellipsis">
        {details.state === "joining" ? t.joining : verification(details)}
      </span>
    </span>
  );
}

export function ConversationHeader({ title, row, state, details, activity, updating }: Props) {
  const t = text();
  const heading = useScreen(t.conversation.screen);
  const open = useSignal(false);
  return (
    <header class="bar conversation-bar">
      <a
        class="icon-button back"
        href="/"
        aria-label={t.conversation.back}
        title={t.conversation.back}
      >
        <Icon name="back" />
      </a>
      <Avatar name={title} />
      <div class="conversation-title">
        <h1 id="conversation" ref={heading} tabIndex={-1} dir="auto">
          {title}
        </h1>
        <p class="standing-line" data-state={state ?? undefined}>
          {details !== null && <Standing details={details} />}
          <ActivityLine activity={activity} />
          {row?.muted && <MutedNote until={row.mutedUntil} />}
          {updating && (
            <Delayed>
              <span class="updating">{t.conversation.updating}</span>
            </Delayed>
          )}
        </p>
      </div>
      {details !== null && (
        <IconButton
          icon="info"
          class="details-button"
          label={t.details.open}
          onClick={() => (open.value = true)}
        />
      )}
      {row !== null && <ConversationMenuButton row={row} />}
      {open.value && details !== null && (
        <Dialog title={t.details.open} onClose={() => (open.value = false)}>
          <DetailsBody details={details} level="h3" />
        </Dialog>
      )}
    </header>
  );
}

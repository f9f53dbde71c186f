import type { ConversationId } from "../../app/ids.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import { Banner } from "../kit/banner.tsx";
import { exactNow } from "../kit/clock.ts";
import { Delayed } from "../kit/delayed.tsx";
import { lazyPart } from "../kit/lazy-part.tsx";
import { useModels } from "../state/models-context.ts";
import type { Wanting } from "../../app/view.ts";
import { dateAndTime } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { takeReveal } from "../files/reveal-next.ts";
import { shownFile } from "../files/shown-file.ts";
import { LightboxHost } from "../lightbox/lightbox-host.tsx";
import { conversationLeft } from "../state/endings.ts";
import { Composer } from "../composer/composer.tsx";
import { ConversationHeader } from "./conversation-header.tsx";
import { DetailsPane } from "./details-pane.tsx";
import { InvitationBanner } from "./invitation-banner.tsx";
import { MessageLog } from "../log/message-log.tsx";
import "../styles/conversation.css";
import "../styles/activity.css";
import "../styles/messages.css";
import "../styles/actions.css";
import "../styles/composer.css";
import "../styles/drop.css";

/** Nobody drags anything before the page has settled. */
const DropTarget = lazyPart(async () => (await import("../attach/drop-target.tsx")).DropTarget);

/** A conversation made a moment ago may be on screen before the list knows it. */
const UNKNOWN_MS = 1_500;

/** Most of what is wanted comes with the next answer of the server. */
const BRIEF_MS = 1_000;

/** Mounted anew for every conversation, so nothing of one is ever seen in another. */
export function ConversationScreen({ id }: { id: ConversationId }) {
  const { conversation, conversations, connection } = useModels();
  useEffect(() => {
    conversation.open(id);
    return () => {
      conversation.open(null);
      conversationLeft.value += 1;
    };
  }, [id]);
  const main = useRef<HTMLElement>(null);

  const row = conversations.list.value.find((known) => known.id === id) ?? null;
  const opened = conversation.details.value;
  const details = opened?.id === id ? opened : null;
  const shown = conversation.timeline.value;
  const timeline = shown?.conversation === id ? shown : null;
  const state = details?.state ?? row?.state ?? null;
  const isOpen = timeline !== null;
  useEffect(() => {
    const seq = isOpen ? takeReveal(id) : null;
    if (seq !== null) void conversation.showAt(seq);
  }, [id, isOpen]);

  if (row === null && details === null) {
    return conversations.loaded.value ? (
      <Delayed ms={UNKNOWN_MS}>
        <Missing />
      </Delayed>
    ) : null;
  }
  return (
    <div class="conversation">
      <main class="conversation-main" ref={main}>
        <ConversationHeader
          title={details?.title ?? row?.title ?? ""}
          row={row}
          state={state}
          details={details}
          activity={conversation.activity.value}
          updating={timeline !== null && !timeline.caughtUp && connection.value === "online"}
        />
        {details !== null && <InvitationBanner details={details} />}
        {state === "joining" && (
          <div class="conversation-note">
            <Banner>
              <p>{text().conversation.joiningHelp}</p>
            </Banner>
          </div>
        )}
        {timeline === null ? <LogSkeleton /> : <MessageLog timeline={timeline} />}
        {details?.wanting && <Wanted wanting={details.wanting} />}
        {state === "blocked" ? <Blocked /> : <Composer conversation={id} />}
        {state !== "blocked" && (
          <DropTarget conversation={id} title={details?.title ?? row?.title ?? ""} over={main} />
        )}
        <LightboxHost
          conversation={id}
          around={(timeline?.items ?? []).flatMap((item) => shownFile(id, item) ?? [])}
        />
      </main>
      <DetailsPane details={details} />
    </div>
  );
}

/** C5: what is written meanwhile is kept, so the composer stays. */
function Wanted({ wanting }: { wanting: Wanting }) {
  const t = text().conversation;
  const [ms] = useState(() => Math.max(0, wanting.since + BRIEF_MS - exactNow()));
  return (
    <Delayed ms={ms}>
      <div class="conversation-note below">
        <Banner kind="notice" icon="clock">
          <h2>{t.wantingTitle}</h2>
          <p>
            {t.wanting[wanting.what](dateAndTime(locale.value, wanting.since))} {t.wantingHelp}
          </p>
        </Banner>
      </div>
    </Delayed>
  );
}

function Blocked() {
  const t = text().conversation;
  return (
    <div class="conversation-note below">
      <Banner kind="danger" icon="alert">
        <h2>{t.blockedTitle}</h2>
        <p>{t.blocked}</p>
      </Banner>
    </div>
  );
}

function Missing() {
  const t = text().conversation;
  return (
    <main class="centred">
      <h1 id="conversation" tabIndex={-1}>
        {t.missingTitle}
      </h1>
      <p class="quiet">{t.missing}</p>
      <a class="button secondary" href="/">
        {t.toList}
      </a>
    </main>
  );
}

function LogSkeleton() {
  return (
    <div class="log-frame">
      <Delayed>
        <div class="log log-skeleton" aria-hidden="true">
          <span class="skeleton" style={{ inlineSize: "44%" }} />
          <span class="skeleton own" style={{ inlineSize: "58%" }} />
          <span class="skeleton" style={{ inlineSize: "36%" }} />
          <span class="skeleton own" style={{ inlineSize: "48%" }} />
        </div>
      </Delayed>
    </div>
  );
}

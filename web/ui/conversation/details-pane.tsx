import type { ConversationDetails } from "../../app/view.ts";
import { Avatar } from "../kit/avatar.tsx";
import { Icon } from "../kit/icon.tsx";
import { dateAndTime, fullDate } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";

function readers(details: ConversationDetails): string {
  const t = text().details;
  return details.peer === null
    ? t.readersAlone(details.ownDevices)
    : t.readers(details.ownDevices, details.peer.name, details.peer.devices);
}

function verified(details: ConversationDetails): string {
  const t = text().details;
  const name = details.peer?.name ?? details.title;
  switch (details.verified) {
    case "by-your-invitation":
      return t.byYou(name);
    case "by-their-invitation":
      return t.byThem(name);
    case "waiting":
      return t.notYet;
  }
}

/** Only what the chain of the conversation proves; nothing here is the server's word. */
export function DetailsBody({
  details,
  level,
}: {
  details: ConversationDetails;
  level: "h2" | "h3";
}) {
  const t = text().details;
  const Heading = level;
  const { peer, title } = details;
  return (
    <div class="details-body">
      <div class="details-who">
        <Avatar name={title} size="large" />
        <p class="details-name" dir="auto">
          {title}
        </p>
        {peer !== null && peer.name !== title && (
          <p class="quiet" dir="auto">
            {peer.name}
          </p>
        )}
      </div>
      {/* While this device still joins, it has proof of neither. */}
      {details.state !== "joining" && (
        <>
          <section>
            <Heading>{t.whoReads}</Heading>
            <p>{readers(details)}</p>
          </section>
          <section>
            <Heading>{t.howVerified}</Heading>
            <p>{verified(details)}</p>
          </section>
        </>
      )}
      <a class="button secondary" href={`/c/${details.id}/files`}>
        <Icon name="photo" size={18} />
        {text().gallery.link}
      </a>
      <section>
        <Heading>{t.since}</Heading>
        <p>{fullDate(locale.value, details.createdAt)}</p>
      </section>
      {details.failures.length > 0 && (
        <section>
          <Heading>{t.failures}</Heading>
          <p>{t.failuresHelp}</p>
          <ul class="details-failures">
            {details.failures.toReversed().map(({ what, at }) => (
              <li key={`${what}${at}`}>
                {t.failure[what]}
                <time class="quiet numbers" dateTime={new Date(at).toISOString()}>
                  {dateAndTime(locale.value, at)}
                </time>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

export function DetailsPane({ details }: { details: ConversationDetails | null }) {
  return (
    <aside class="details-pane" aria-label={text().details.open}>
      {details !== null && <DetailsBody details={details} level="h2" />}
    </aside>
  );
}

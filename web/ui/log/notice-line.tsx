import type { Notice } from "../../app/timeline.ts";
import { Icon, type IconName } from "../kit/icon.tsx";
import { timeOfDay } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import type { NoticeItem } from "../message/blocks.ts";

function said(notice: Notice): { words: string; icon: IconName | null } {
  const t = text().notices;
  switch (notice.type) {
    case "created":
      return { words: t.created, icon: null };
    case "invited":
      return { words: t.invited, icon: null };
    case "withdrawn":
      return { words: t.withdrawn, icon: null };
    case "joined":
      if (notice.late && !notice.own) return { words: t.joinedLate(notice.name), icon: "alert" };
      return { words: notice.own ? t.joinedOwn : t.joined(notice.name), icon: "shield" };
    case "new-device":
      return { words: notice.own ? t.newDeviceOwn : t.newDevice(notice.name), icon: "info" };
    case "removed-device":
      return { words: t.removedDevice, icon: "alert" };
    case "not-verified":
      return { words: t.notVerified, icon: "alert" };
    case "missing":
      return { words: t.missing, icon: "alert" };
    case "update-app":
      return { words: t.updateApp, icon: "info" };
  }
}

/** A quiet line between the messages: something happened, and when. */
export function NoticeLine({ item: { id, notice, at } }: { item: NoticeItem }) {
  const { words, icon } = said(notice);
  return (
    <p class={icon === "alert" ? "notice-line alert" : "notice-line"} data-id={id}>
      {icon && <Icon name={icon} size={16} />}
      <span dir="auto">{words}</span>
      {" · "}
      <time class="numbers" dateTime={new Date(at).toISOString()}>
        {timeOfDay(locale.value, at)}
      </time>
    </p>
  );
}

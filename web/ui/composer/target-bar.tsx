import { IconButton } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text/language.ts";
import type { About } from "./composer-target.ts";

/** Above the box: which message is being answered or written anew, and the way out of it. */
export function AboutBar({ about, onCancel }: { about: About; onCancel: () => void }) {
  const t = text().about;
  const isEdit = about.kind === "edit";
  const reply = isEdit || about.sender.own ? t.replyToOwn : t.replyTo(about.sender.name);
  return (
    <div class="about-bar">
      <Icon name={isEdit ? "edit" : "reply"} />
      <p class="about-lines">
        <span class="about-who ellipsis" dir="auto">
          {isEdit ? t.editing : reply}
        </span>
        <span class="hidden-text">: </span>
        <span class="about-text ellipsis" dir="auto">
          {isEdit ? about.before : about.text}
        </span>
      </p>
      <IconButton icon="close" label={isEdit ? t.cancelEdit : t.cancelReply} onClick={onCancel} />
    </div>
  );
}

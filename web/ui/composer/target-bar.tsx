import { IconButton } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { saidWith } from "../files/file-words.ts";
import { Thumb } from "../files/thumb.tsx";
import { text } from "../text/language.ts";
import type { ComposerTarget } from "./composer-target.ts";

/** Above the box: which message is being answered or written anew, and the way out of it. */
export function TargetBar({ target, onCancel }: { target: ComposerTarget; onCancel: () => void }) {
  const t = text().target;
  const isEdit = target.kind === "edit";
  const reply = isEdit || target.sender.own ? t.replyToOwn : t.replyTo(target.sender.name);
  return (
    <div class="target-bar">
      <Icon name={isEdit ? "edit" : "reply"} />
      <p class="target-lines">
        <span class="target-who ellipsis" dir="auto">
          {isEdit ? t.editing : reply}
        </span>
        <span class="hidden-text">: </span>
        <span class="target-text ellipsis" dir="auto">
          {isEdit ? target.before : saidWith(target.text, target.file)}
        </span>
      </p>
      {!isEdit && target.file?.thumb && <Thumb hash={target.file.thumb} />}
      <IconButton icon="close" label={isEdit ? t.cancelEdit : t.cancelReply} onClick={onCancel} />
    </div>
  );
}

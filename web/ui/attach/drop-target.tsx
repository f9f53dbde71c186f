import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import { Icon } from "../kit/icon.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { bringsFiles, droppedFiles } from "./incoming.ts";
import { addFiles } from "./tray-state.ts";

interface Props {
  readonly conversation: ConversationId;
  readonly title: string;
  /** what takes drops */
  readonly over: RefObject<HTMLElement>;
}

/** While files are held over a conversation: where they would go. */
export function DropTarget({ conversation, title, over }: Props) {
  const { files } = useModels();
  const isOver = useSignal(false);
  const t = text().files;

  useEffect(() => {
    const target = over.current;
    if (!target) return undefined;
    const listeners = new AbortController();
    const { signal } = listeners;
    /** Every element inside is entered before the one around it is left. */
    let inside = 0;
    const end = (): void => {
      inside = 0;
      isOver.value = false;
    };
    target.addEventListener(
      "dragenter",
      (event) => {
        if (!bringsFiles(event)) return;
        inside += 1;
        isOver.value = true;
      },
      { signal },
    );
    target.addEventListener(
      "dragleave",
      (event) => {
        if (!bringsFiles(event)) return;
        inside -= 1;
        if (inside <= 0) end();
      },
      { signal },
    );
    target.addEventListener(
      "dragover",
      (event) => {
        if (!bringsFiles(event)) return;
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
      },
      { signal },
    );
    target.addEventListener(
      "drop",
      (event) => {
        end();
        if (!bringsFiles(event)) return;
        event.preventDefault();
        void addFiles(files, conversation, droppedFiles(event));
      },
      { signal },
    );
    return () => listeners.abort();
  }, [conversation]);

  if (!isOver.value) return null;
  return (
    <div class="drop-target">
      <div class="drop-words">
        <Icon name="attach" size={32} />
        <p class="drop-name" dir="auto">
          {t.drop(title)}
        </p>
        <p class="quiet">{t.dropHelp}</p>
      </div>
    </div>
  );
}

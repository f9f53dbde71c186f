import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import { type FloatingPlace, placeAbove } from "../kit/floating.ts";
import { Icon } from "../kit/icon.tsx";
import { Menu, type MenuItem } from "../kit/menu.tsx";
import { onGlass } from "../state/enter-sends.ts";
import { useModels } from "../state/models-context.ts";
import { locale, text } from "../text/language.ts";
import { fileSize } from "../text/measures.ts";
import { addFiles, askLimits, trayOf } from "./tray-state.ts";

/** What the system's dialog offers first; what a file is in truth is told by its content. */
const PICTURES = "image/*";
const ALL =
  "image/*,audio/*,.heic,.heif,.pdf,.txt,.csv,.docx,.xlsx,application/pdf,text/plain,text/csv";

/** The server may say more; until it has, this is what it says where nobody set anything else. */
const USUAL_BYTES = 25 * 1024 * 1024;

/** Chooses files to send; what may be sent is said before any is chosen. */
export function AttachButton({ conversation }: { conversation: ConversationId }) {
  const { files } = useModels();
  const at = useSignal<FloatingPlace | null>(null);
  const photo = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const t = text().files;
  const limit = trayOf(conversation).limits?.file ?? USUAL_BYTES;

  const take = (input: HTMLInputElement): void => {
    void addFiles(files, conversation, [...(input.files ?? [])]);
    // So that the same file can be chosen again.
    input.value = "";
  };
  const items: readonly (MenuItem | false)[] = [
    { label: t.choose.photo, icon: "photo", onChoose: () => photo.current?.click() },
    onGlass() && {
      label: t.choose.camera,
      icon: "camera",
      onChoose: () => camera.current?.click(),
    },
    { label: t.choose.file, icon: "document", onChoose: () => file.current?.click() },
  ];
  const input = { type: "file", hidden: true, tabIndex: -1 } as const;
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={t.attach}
        title={t.attach}
        aria-haspopup="menu"
        aria-expanded={at.value !== null}
        onClick={(event) => {
          at.value = placeAbove(event.currentTarget);
          void askLimits(files, conversation);
        }}
      >
        <Icon name="attach" />
      </button>
      {(["photo", "camera", "file"] as const).map((what) => (
        <input
          key={what}
          ref={{ photo, camera, file }[what]}
          {...input}
          multiple={what !== "camera"}
          accept={what === "file" ? ALL : PICTURES}
          capture={what === "camera" ? "environment" : undefined}
          aria-label={t.choose[what]}
          onChange={(event) => take(event.currentTarget)}
        />
      ))}
      {at.value !== null && (
        <Menu
          label={t.attach}
          at={at.value}
          items={items.filter((item) => item !== false)}
          note={t.limit(fileSize(locale.value, limit))}
          onClose={() => (at.value = null)}
        />
      )}
    </>
  );
}

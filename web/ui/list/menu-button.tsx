import { useSignal } from "@preact/signals";
import type { ConversationSummary } from "../../app/view.ts";
import { IconButton } from "../kit/button.tsx";
import { type FloatingPlace, placeUnder } from "../kit/floating.ts";
import { lazyPart } from "../kit/lazy-part.tsx";
import { text } from "../text/language.ts";

export const ConversationMenu = lazyPart(
  async () => (await import("./conversation-menu.tsx")).ConversationMenu,
);

/** The menu of the conversation on screen. */
export function ConversationMenuButton({ row }: { row: ConversationSummary }) {
  const at = useSignal<FloatingPlace | null>(null);
  const name = text().menu.name;
  return (
    <>
      <IconButton
        icon="more"
        label={name}
        expanded={at.value !== null}
        onClick={(event) => {
          at.value = placeUnder(event.currentTarget);
        }}
      />
      {at.value && (
        <ConversationMenu
          label={name}
          row={row}
          at={at.value}
          onClose={() => (at.value = null)}
          onMissing={() => (at.value = null)}
        />
      )}
    </>
  );
}

import { useSignal } from "@preact/signals";
import type { ConversationRow } from "../../app/view.ts";
import { IconButton } from "../kit/button.tsx";
import { Menu, type MenuPlace, placeUnder } from "../kit/menu.tsx";
import { useModels } from "../shell/models-context.ts";
import { text } from "../text/language.ts";
import { conversationMenu } from "./list-actions.ts";

/** The menu of the conversation on screen. */
export function ConversationMenuButton({ row }: { row: ConversationRow }) {
  const { conversations } = useModels();
  const at = useSignal<MenuPlace | null>(null);
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
        <Menu
          label={name}
          items={conversationMenu(conversations, row)}
          at={at.value}
          onClose={() => (at.value = null)}
        />
      )}
    </>
  );
}

import { Button } from "../kit/button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { text } from "../text/language.ts";

interface Props {
  readonly hasFile: boolean;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

/** Asks once, and says what happens and what does not (M5). */
export function DeleteDialog({ hasFile, onDelete, onClose }: Props) {
  const t = text();
  return (
    <Dialog title={t.actions.deleteTitle} onClose={onClose}>
      <p>
        {hasFile && `${t.files.deleteHelp} `}
        {t.actions.deleteHelp}
      </p>
      <div class="actions">
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button
          kind="danger"
          icon="trash"
          onClick={() => {
            onClose();
            onDelete();
          }}
        >
          {t.actions.delete}
        </Button>
      </div>
    </Dialog>
  );
}

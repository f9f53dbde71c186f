import { Button } from "../kit/button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { text } from "../text/language.ts";
import { NoticeBody } from "./notice-body.tsx";

/** Read beside the form one is filling in, so that nothing typed is lost. */
export function NoticeDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={text().notice.screen} onClose={onClose} wide>
      <NoticeBody level="h3" />
      <div class="actions">
        <Button kind="primary" onClick={onClose}>
          {text().common.done}
        </Button>
      </div>
    </Dialog>
  );
}

import { useEffect } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import { lazyPart } from "../kit/lazy-part.tsx";
import { closePhoto, shownPhoto } from "../files/lightbox-state.ts";
import type { ShownFile } from "../files/shown-file.ts";

const Lightbox = lazyPart(async () => (await import("./lightbox.tsx")).Lightbox);

interface Props {
  readonly conversation: ConversationId;
  readonly around: readonly ShownFile[];
  readonly onShow?: (photo: ShownFile) => void;
}

/** Where a picture is shown large, once one is pressed. */
export function LightboxHost({ conversation, around, onShow }: Props) {
  const shown = shownPhoto.value;
  // "Back" leaves the screen under an open one.
  useEffect(() => closePhoto, []);
  if (shown === null) return null;
  return (
    <Lightbox
      conversation={conversation}
      around={around}
      shown={shown}
      onShow={onShow}
      onClose={closePhoto}
      onMissing={closePhoto}
    />
  );
}

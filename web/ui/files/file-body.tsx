import type { ShownFile } from "./shown-file.ts";
import { FileCard } from "./file-card.tsx";
import { Photo } from "./photo.tsx";
import { Sound } from "./sound.tsx";
import type { TransferState } from "./transfer.ts";
import "../styles/files.css";

/** The file of a message, as its kind is shown. */
export function FileBody(props: { shown: ShownFile; upload: TransferState | null }) {
  switch (props.shown.file.kind) {
    case "image":
      return <Photo {...props} />;
    case "audio":
    case "voice":
      return <Sound {...props} />;
    case "document":
      return <FileCard {...props} />;
  }
}

import { FileCard } from "./file-card.tsx";
import type { FileProps } from "./file-place.tsx";
import { Photo } from "./photo.tsx";
import { Sound } from "./sound.tsx";
import { useUpload } from "./transfer.ts";

/** The file of a message, as its kind is shown. */
export function FileBody({ shown, isQueued }: FileProps) {
  const upload = useUpload(shown, isQueued);
  switch (shown.file.kind) {
    case "image":
      return <Photo shown={shown} upload={upload} />;
    case "audio":
    case "voice":
      return <Sound shown={shown} upload={upload} />;
    case "document":
      return <FileCard shown={shown} upload={upload} />;
  }
}

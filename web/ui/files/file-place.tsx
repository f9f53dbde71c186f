import { lazyPart } from "../kit/lazy-part.tsx";
import { photoBox } from "./photo-box.ts";
import type { ShownFile } from "./shown-file.ts";
import "../styles/files.css";

export interface FileProps {
  readonly shown: ShownFile;
  /** it is not at the server yet */
  readonly isQueued: boolean;
}

/** The room that a file takes, before what shows it is here: nothing moves when it comes. */
function FilePlace({ shown: { file } }: FileProps) {
  switch (file.kind) {
    case "image": {
      const { width, height } = photoBox(file.image);
      return <div class="photo" style={{ aspectRatio: `${width} / ${height}` }} />;
    }
    case "voice":
      return <div class="player-place" />;
    case "audio":
      return (
        <div class="sound">
          <Lines name={file.name} />
          <div class="player-place" />
        </div>
      );
    case "document":
      return (
        <div class="file-card">
          <span class="file-icon" />
          <Lines name={file.name} />
        </div>
      );
  }
}

function Lines({ name }: { name: string }) {
  return (
    <p class="file-lines">
      <bdi class="file-name">{name}</bdi>
      <span class="file-state" />
    </p>
  );
}

/** Only a history with files in it needs what shows them. */
export const FileOfMessage = lazyPart(
  async () => (await import("./file-body.tsx")).FileBody,
  FilePlace,
);

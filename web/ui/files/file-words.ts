import type { FileView, QuotedFile } from "../../app/files-view.ts";
import type { IconName } from "../kit/icon.tsx";
import { playTime } from "../text/measures.ts";
import { text } from "../text/language.ts";

/** What a file is called where there is no room for it: "Photo", "Voice note, 0:32", "plan.pdf". */
export function fileWords({ kind, name, seconds }: QuotedFile): string {
  const t = text().files;
  switch (kind) {
    case "image":
      return t.kinds.image;
    case "voice":
      return seconds === undefined ? t.kinds.voice : t.voiceOf(playTime(seconds));
    case "audio":
      return seconds === undefined ? name : t.audioOf(name, playTime(seconds));
    case "document":
      return name;
  }
}

/** What was said with it, else what it is. */
export const saidWith = (said: string, file: QuotedFile | undefined): string =>
  said === "" && file ? fileWords(file) : said;

export function fileIcon(kind: QuotedFile["kind"]): IconName {
  switch (kind) {
    case "image":
      return "photo";
    case "voice":
      return "microphone";
    case "audio":
      return "sound";
    case "document":
      return "document";
  }
}

/** As a card shows it: PDF, DOCX, M4A. */
export const endingOf = (name: string): string =>
  name.slice(name.lastIndexOf(".") + 1).toLocaleUpperCase();

/** The same with its picture, as a quote has it. */
export const quotedOf = ({ image, ...file }: FileView): QuotedFile => ({
  ...mentioned(file),
  ...(image ? { thumb: image.thumb } : {}),
});

/** What is said of the file of a message. */
export const mentioned = ({ kind, name, audio }: FileView): QuotedFile => ({
  kind,
  name,
  ...(audio ? { seconds: audio.seconds } : {}),
});

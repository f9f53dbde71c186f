import type { FileBody } from "../../../core/files/file-body.ts";
import { mentionOf } from "../../../core/files/file-mention.ts";
import { fileKindOf } from "../../../core/files/file-type.ts";
import type { FileView, QuotedFile } from "../../files-view.ts";

/** A file as the page is given it: no key, and nothing by which it could be fetched. */
export function fileView(body: FileBody): FileView {
  const { type, name, size, image, audio } = body;
  const sound = audio && {
    seconds: audio.seconds,
    ...(audio.waveform ? { waveform: audio.waveform } : {}),
  };
  return {
    kind: fileKindOf(body),
    type,
    name,
    size,
    ...(image ? { image } : {}),
    ...(sound ? { audio: sound } : {}),
  };
}

/** What a quote shows of it. */
export const quotedFile = (body: FileBody): QuotedFile => ({
  ...mentionOf(body),
  ...(body.image ? { thumb: body.image.thumb } : {}),
});

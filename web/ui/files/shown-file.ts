import type { FileAddress, FileView, GalleryRow } from "../../app/files-view.ts";
import type { ConversationId } from "../../app/ids.ts";
import type { TimelineItem } from "../../app/timeline.ts";

type MessageItem = Extract<TimelineItem, { kind: "message" }>;

/** A file with its message, wherever it is shown. */
export interface ShownFile {
  readonly id: MessageItem["id"];
  readonly address: FileAddress;
  /** null while its message has no place in the order */
  readonly seq: number | null;
  readonly at: number;
  readonly sender: { readonly name: string; readonly own: boolean };
  readonly file: FileView;
  readonly caption: string;
}

/** null: the message has no file. */
export function shownFile(conversation: ConversationId, item: TimelineItem): ShownFile | null {
  if (item.kind !== "message" || !item.file) return null;
  const { id, seq, at, sender, file, text: caption } = item;
  return { id, seq, at, sender, file, caption, address: { conversation, message: seq ?? id } };
}

export const ofGallery = (conversation: ConversationId, row: GalleryRow): ShownFile => ({
  ...row,
  address: { conversation, message: row.seq },
});

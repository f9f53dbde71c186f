import { type ConversationId, messageIdText } from "../../../../workers/protocol/ids.ts";
import type { FileShape } from "../../../core/files/file-type.ts";
import { shapeOf } from "../../../core/files/file-type.ts";
import { createPause } from "../../../platform/pause.ts";
import type { GalleryPage, GalleryRow } from "../../files-view.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import { messageRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { fileView } from "../timeline/file-view.ts";
import { type Self, nameOf } from "../timeline/message-view.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";

/** Rows of one page, and places that are read at once for them. */
const PAGE = 60;
const SPAN = 500;

interface Asked {
  readonly shape: FileShape | null;
  readonly before: number | null;
}

const monthOf = (at: number): string => {
  const day = new Date(at);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}`;
};

/** F2: files of a conversation as they are stored here, newest first. What was deleted is no file any more. */
export async function galleryPage(
  store: Store,
  id: ConversationId,
  kept: KeptConversation,
  self: Pick<Self, "account" | "name">,
  { shape, before }: Asked,
): Promise<GalleryPage> {
  const rows: GalleryRow[] = [];
  const pause = createPause();
  const isWhole = kept.oldest <= 1;
  let to = Math.min(before ?? Number.MAX_SAFE_INTEGER, kept.cursor + 1) - 1;
  for (; to >= kept.oldest; to -= SPAN) {
    const span = { id, from: Math.max(kept.oldest, to - SPAN + 1), to };
    const stored = await store.readAll("messages", messageRecord, span);
    for (const { key, value } of stored.toReversed()) {
      if (typeof key === "string" || value.type !== "message" || value.body.kind !== "file")
        continue;
      if (shape !== null && shapeOf(value.body.type) !== shape) continue;
      const { account, at, body, messageId } = value;
      rows.push({
        id: messageIdText(messageId),
        seq: key[1],
        at,
        month: monthOf(at),
        sender: { name: nameOf(kept, account, self), own: equalBytes(account, self.account) },
        file: fileView(body),
        caption: body.caption ?? "",
      });
      if (rows.length === PAGE) return { rows, before: key[1], isWhole };
    }
    await pause();
  }
  return { rows, before: null, isWhole };
}

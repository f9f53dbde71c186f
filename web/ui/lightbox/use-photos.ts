import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import { useModels } from "../state/models-context.ts";
import { type ShownFile, ofGallery } from "../files/shown-file.ts";

/** Oldest first; each once. */
function merged(here: readonly ShownFile[], stored: readonly ShownFile[]): readonly ShownFile[] {
  const known = new Map([...stored, ...here].map((one) => [one.id, one]));
  return [...known.values()].toSorted(
    (a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || a.at - b.at,
  );
}

/**
 * The pictures of a conversation that are stored on this device, and those that stand beside the one that was opened;
 * older ones are asked for as one comes near them.
 */
export function usePhotos(
  conversation: ConversationId,
  here: readonly ShownFile[],
  shown: ShownFile["id"],
): readonly ShownFile[] {
  const { files } = useModels();
  const stored = useSignal<readonly ShownFile[]>([]);
  const before = useSignal<number | null>(null);
  const isAsked = useSignal(false);

  const photos = merged(
    here.filter(({ file }) => file.kind === "image"),
    stored.value,
  );
  const place = photos.findIndex(({ id }) => id === shown);
  const hasMore = !isAsked.value || before.value !== null;
  useEffect(() => {
    if (place > 1 && isAsked.peek()) return undefined;
    if (!hasMore) return undefined;
    let isGone = false;
    const ask = async (): Promise<void> => {
      isAsked.value = true;
      const outcome = await files.gallery(conversation, "image", before.peek()).catch(() => null);
      if (isGone || !outcome?.ok) return;
      const rows = outcome.value.rows.map((row) => ofGallery(conversation, row));
      before.value = outcome.value.before;
      stored.value = [...stored.peek(), ...rows];
    };
    void ask();
    return () => void (isGone = true);
  }, [conversation, shown, before.value]);
  return photos;
}

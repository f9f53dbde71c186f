import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import type { GalleryPage, GalleryRow } from "../../app/files-view.ts";
import type { Outcome } from "../../app/models.ts";
import type { Failure } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";

export const TABS = ["image", "document", "audio"] as const;
export type Tab = (typeof TABS)[number];

export interface Gallery {
  readonly rows: readonly GalleryRow[];
  readonly state: "loading" | "ready" | { readonly failure: Failure };
  readonly hasMore: boolean;
  /** false: there is older history that was never loaded here */
  readonly isWhole: boolean;
  more(): void;
}

interface Listed {
  readonly tab: Tab;
  readonly rows: readonly GalleryRow[];
  readonly before: number | null;
  readonly isWhole: boolean;
  readonly failure: Failure | null;
  readonly isLoading: boolean;
}

const nothing = (tab: Tab): Listed => ({
  tab,
  rows: [],
  before: null,
  isWhole: true,
  failure: null,
  isLoading: true,
});

/** The files of a conversation of one kind, a page at a time. */
export function useGallery(conversation: ConversationId, tab: Tab): Gallery {
  const { files } = useModels();
  const listed = useSignal<Listed>(nothing(tab));

  const ask = async (before: number | null): Promise<void> => {
    const start = before === null ? nothing(tab) : listed.peek();
    listed.value = { ...start, failure: null, isLoading: true };
    const asked = listed.peek();
    const outcome = await files
      .gallery(conversation, tab, before)
      .catch((): Outcome<GalleryPage> => ({ ok: false, problem: "internal" }));
    // Another tab was chosen meanwhile.
    if (listed.peek() !== asked) return;
    listed.value = outcome.ok
      ? {
          ...asked,
          ...outcome.value,
          rows: [...asked.rows, ...outcome.value.rows],
          isLoading: false,
        }
      : { ...asked, failure: outcome, isLoading: false };
  };
  useEffect(() => void ask(null), [conversation, tab]);

  const now = listed.value.tab === tab ? listed.value : nothing(tab);
  const { rows, before, isWhole, failure, isLoading } = now;
  return {
    rows,
    isWhole,
    state: failure ? { failure } : isLoading ? "loading" : "ready",
    hasMore: before !== null,
    more: () => void ask(rows.length === 0 ? null : before),
  };
}

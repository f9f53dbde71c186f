import type { EnginePort } from "./engine-port.ts";
import type { KeptDraft, Typed, UnsavedEdit } from "./drafts-view.ts";

/** Typing is stored no more often than this, for each time is a write to the disk; a crash costs no more. */
const PAUSE_MS = 1_000;
/** An engine that does not answer must not hold up whoever waits. */
const PATIENCE_MS = 3_000;

/** The page's end of what is kept while it is typed: the newest text of each conversation, in pauses. */
export interface DraftKeeper {
  of(conversation: string): Promise<KeptDraft>;
  save(conversation: string, typed: Typed): void;
  /** A message being written anew; null at once: one that is saved or given up must not come back. */
  saveEdit(conversation: string, edit: UnsavedEdit | null): void;
  /**
   * A message takes the place of what was typed there: an older text that waits for its pause must not come after
   * it. Whoever waits until everything is stored waits for the message as well.
   */
  sending<T>(conversation: string, message: Promise<T>): Promise<T>;
  /** Resolves when everything typed is stored, or cannot be. */
  settled(): Promise<void>;
}

const draftOf = (conversation: string): string => `draft/${conversation}`;
const editOf = (conversation: string): string => `edit/${conversation}`;

export function createDraftKeeper(engine: EnginePort): DraftKeeper {
  const pending = new Map<string, () => Promise<unknown>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stored: Promise<unknown> = Promise.resolve();

  const settled = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    // A browser that refuses to store keeps them in this tab's memory only.
    const asked = [...pending.values()].map((ask) => ask());
    pending.clear();
    stored = Promise.allSettled([stored, ...asked]);
    await Promise.race([stored, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  };

  const inPause = (name: string, ask: () => Promise<unknown>): void => {
    pending.set(name, ask);
    timer ??= setTimeout(() => void settled(), PAUSE_MS);
  };

  // The last moment in which a page that is closed or put away still runs.
  const leave = (): void => {
    if (pending.size > 0) void settled();
  };
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", leave);

  return {
    async of(conversation) {
      // What was typed a moment ago is the newest that there is.
      await settled();
      const outcome = await engine.ask("draftOf", conversation);
      return outcome.ok ? outcome.value : { text: "", at: 0 };
    },
    save(conversation, typed) {
      inPause(draftOf(conversation), () => engine.ask("saveDraft", { conversation, ...typed }));
    },
    saveEdit(conversation, edit) {
      inPause(editOf(conversation), () => engine.ask("keepEdit", { conversation, edit }));
      if (edit === null) void settled();
    },
    sending(conversation, message) {
      pending.delete(draftOf(conversation));
      stored = Promise.allSettled([stored, message]);
      return message;
    },
    settled,
  };
}

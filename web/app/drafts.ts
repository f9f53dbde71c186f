import type { EnginePort } from "./engine-port.ts";
import type { KeptDraft, Typed } from "./drafts-view.ts";

/** Typing is stored no more often than this, for each time is a write to the disk; a crash costs no more. */
const PAUSE_MS = 1_000;
/** An engine that does not answer must not hold up whoever waits. */
const PATIENCE_MS = 3_000;

/** The page's end of the kept drafts: the newest text of each conversation goes to the engine in pauses. */
export interface DraftKeeper {
  of(conversation: string): Promise<KeptDraft>;
  save(conversation: string, typed: Typed): void;
  /**
   * A message takes the place of what was typed there: an older text that waits for its pause must not come after
   * it. Whoever waits until everything is stored waits for the message as well.
   */
  sending<T>(conversation: string, message: Promise<T>): Promise<T>;
  /** Resolves when everything typed is stored, or cannot be. */
  settled(): Promise<void>;
}

export function createDraftKeeper(engine: EnginePort): DraftKeeper {
  const pending = new Map<string, Typed>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stored: Promise<unknown> = Promise.resolve();

  const settled = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const texts = [...pending];
    pending.clear();
    // A browser that refuses to store keeps them in this tab's memory only.
    const asked = texts.map(([conversation, typed]) =>
      engine.ask("saveDraft", { conversation, ...typed }),
    );
    stored = Promise.allSettled([stored, ...asked]);
    await Promise.race([stored, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
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
      pending.set(conversation, typed);
      timer ??= setTimeout(() => void settled(), PAUSE_MS);
    },
    sending(conversation, message) {
      pending.delete(conversation);
      stored = Promise.allSettled([stored, message]);
      return message;
    },
    settled,
  };
}

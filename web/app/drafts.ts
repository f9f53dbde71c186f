import type { EnginePort } from "./engine-port.ts";

/** Typing is stored no more often than this, for each time is a write to the disk; a crash costs no more. */
const PAUSE_MS = 1_000;
/** An engine that does not answer must not hold up whoever waits. */
const PATIENCE_MS = 3_000;

/** The page's end of the kept drafts: the newest text of each conversation goes to the engine in pauses. */
export interface DraftKeeper {
  of(conversation: string): Promise<string>;
  save(conversation: string, text: string): void;
  /** Resolves when everything typed is stored, or cannot be. */
  settled(): Promise<void>;
}

export function createDraftKeeper(engine: EnginePort): DraftKeeper {
  const pending = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stored: Promise<unknown> = Promise.resolve();

  const settled = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const texts = [...pending];
    pending.clear();
    // A browser that refuses to store keeps them in this tab's memory only.
    const asked = texts.map(([conversation, text]) =>
      engine.ask("saveDraft", { conversation, text }),
    );
    stored = Promise.all([stored, ...asked]);
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
      const outcome = await engine.ask("draftOf", conversation);
      return outcome.ok ? outcome.value : "";
    },
    save(conversation, text) {
      pending.set(conversation, text);
      timer ??= setTimeout(() => void settled(), PAUSE_MS);
    },
    settled,
  };
}

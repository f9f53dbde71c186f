import type { EnginePort } from "./engine-port.ts";

/** A pause in the typing; a crash costs at most this. */
const PAUSE_MS = 300;

/** The page's end of the kept drafts: the newest text of each conversation goes to the engine in pauses. */
export interface DraftKeeper {
  of(conversation: string): Promise<string>;
  save(conversation: string, text: string): void;
  /** Resolves when everything typed is stored. */
  settled(): Promise<void>;
}

export function createDraftKeeper(engine: EnginePort): DraftKeeper {
  const pending = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const settled = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const texts = [...pending];
    pending.clear();
    // A browser that refuses to store keeps them in this tab's memory only.
    await Promise.all(
      texts.map(([conversation, text]) => engine.ask("saveDraft", { conversation, text })),
    );
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

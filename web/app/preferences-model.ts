import { signal } from "@preact/signals";
import type { EnginePort } from "./engine-port.ts";
import type { PreferencesModel } from "./models.ts";
import type { Preferences } from "./attention-view.ts";

/** Switches that answer at once: what the engine says counts again when nothing is under way any more. */
export function createPreferencesModel(
  engine: Pick<EnginePort, "ask">,
): PreferencesModel & { heard(preferences: Preferences): void } {
  const current = signal<Preferences | null>(null);
  let newest: Preferences | null = null;
  let underWay = 0;

  const settle = (): void => {
    if (underWay === 0) current.value = newest;
  };
  return {
    current,
    heard(told) {
      newest = told;
      settle();
    },
    async set(change) {
      if (current.value) current.value = { ...current.value, ...change };
      underWay += 1;
      try {
        return await engine.ask("setPreferences", change);
      } finally {
        underWay -= 1;
        settle();
      }
    },
  };
}

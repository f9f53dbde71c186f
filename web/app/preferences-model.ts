import { signal } from "@preact/signals";
import type { EnginePort } from "./engine-port.ts";
import type { PrivacyModel } from "./models.ts";
import type { Preferences } from "./attention-view.ts";

/** Switches that answer at once: what the engine says counts again when nothing is under way any more. */
export function createPrivacyModel(
  engine: Pick<EnginePort, "ask">,
): PrivacyModel & { heard(preferences: Preferences): void } {
  const preferences = signal<Preferences | null>(null);
  let newest: Preferences | null = null;
  let underWay = 0;

  const settle = (): void => {
    if (underWay === 0) preferences.value = newest;
  };
  return {
    preferences,
    heard(told) {
      newest = told;
      settle();
    },
    async set(change) {
      if (preferences.value) preferences.value = { ...preferences.value, ...change };
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

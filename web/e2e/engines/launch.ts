import { launchChromium, launchFirefox } from "./puppeteer.ts";
import { launchWebKit } from "./webkit.ts";
import type { Engine, EngineName } from "./wire.ts";

const launchers: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
};

/** Starts one of the three browsers; everything that it starts ends with it. */
export const launchEngine = (name: EngineName): Promise<Engine> => launchers[name]();

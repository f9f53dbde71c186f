// Must stay the first import: it takes the secret of a link out of the address (I1).
import "./state/taken-link.ts";
import { render } from "preact";
import { createModels } from "../app/client.ts";
import { goBy } from "./kit/clock.ts";
import { App } from "./shell/app.tsx";
import { startEnterSends } from "./state/enter-sends.ts";
import { repairAddress } from "./shell/readable-address.ts";
import { startTheme } from "./state/theme.ts";
import { followKeyboard } from "./shell/viewport.ts";
import { BOOT_FAILED } from "./text/boot-failed.ts";
import { startLanguage } from "./text/language.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/kit.css";
import "./styles/shell.css";

async function start(root: HTMLElement): Promise<void> {
  repairAddress();
  startTheme();
  followKeyboard();
  // What is chosen in one tab holds in all of them.
  addEventListener("storage", () => {
    startTheme();
    startEnterSends();
    void startLanguage().catch(() => undefined);
  });
  // The engine starts while the catalogue loads; nothing waits for it.
  const models = createModels();
  goBy(models.device.aheadBy);
  try {
    await startLanguage();
  } catch {
    root.textContent = BOOT_FAILED;
    return;
  }
  render(<App models={models} />, root);
}

const root = document.getElementById("root");
if (root) void start(root);

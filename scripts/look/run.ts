import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newSecrets } from "../local/local-secrets.mjs";
import { freePort, migrateLocal } from "../local/worker-process.mjs";
import { launchBrowser } from "../../web/e2e/harness/browser.ts";
import { LocalServer } from "../../web/e2e/harness/local-server.ts";
import { shootHeldStates } from "./held.ts";
import { shootRealScreens } from "./real.ts";
import { writeSheet } from "./sheet.ts";
import { pictures } from "./shoot.ts";

/**
 * Takes a picture of every screen and state whose name matches, in both sizes, themes and languages. Returns the
 * contact sheet and what could be seen to be wrong without anybody looking.
 */
export async function look(
  only: RegExp,
  say: (line: string) => void,
): Promise<{ sheet: string; wrong: readonly string[] }> {
  mkdirSync(pictures, { recursive: true });
  const browser = await launchBrowser();
  try {
    const wrong = await shootHeldStates(browser, only, say);
    if (only.test("real")) {
      say("a real server");
      const emptyStorage = mkdtempSync(join(tmpdir(), "thyme-empty-"));
      migrateLocal(emptyStorage);
      const server = new LocalServer(await freePort(), await newSecrets(), emptyStorage);
      try {
        await server.start();
        await shootRealScreens(browser, server);
      } finally {
        await server.remove();
        rmSync(emptyStorage, { recursive: true });
      }
    }
    return { sheet: writeSheet(), wrong };
  } finally {
    await browser.close();
  }
}

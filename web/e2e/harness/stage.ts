import { test as plain, inject } from "vitest";
import { launchBrowser } from "./browser.ts";
import { meet } from "./couple.ts";
import { type Options, type Person, person } from "./person.ts";
import { startServer } from "./server.ts";

/**
 * A journey. What it names here is made when the file's first journey asks for it, shared by those that follow,
 * and gone when the file ends.
 */
export const test = plain
  .extend("storage", { scope: "file" }, () => inject("emptyStorage"))
  /** with storage of its own */
  .extend("server", { scope: "file" }, async ({ storage }, { onCleanup }) => {
    const server = await startServer(storage);
    onCleanup(() => server.remove());
    return server;
  })
  /** It closes before the server ends: nobody is left who could miss it. */
  .extend("browser", { scope: "file" }, async ({ server: _ }, { onCleanup }) => {
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  /** Opens a page for somebody new. */
  .extend("arrive", { scope: "file" }, ({ browser, server }) => {
    return (options?: Options): Promise<Person> => person(browser, server.origin, options);
  })
  /** An administrator, a practitioner and a patient who know each other already. */
  .extend("couple", { scope: "file" }, ({ browser, server }) => meet(browser, server));

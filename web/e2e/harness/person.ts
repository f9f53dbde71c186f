import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { Authenticator } from "./authenticator.ts";

/** Someone at their own device: a page with its own storage and passkeys, watched for everything that goes wrong. */
export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly authenticator: Authenticator;
  /** Console errors, uncaught exceptions and policy violations, in the page and in its workers. */
  readonly problems: readonly string[];
  /** Every address asked for, WebSockets included. */
  readonly urls: readonly string[];
  /** Forgets everything the origin stored, as a new device would; the passkeys survive. */
  becomeNewDevice(): Promise<void>;
  /** What axe-core finds on the screen as it is: one line per violation, with its elements. */
  accessibilityViolations(): Promise<string[]>;
  leave(): Promise<void>;
}

interface Options {
  readonly hasPrf?: boolean;
  readonly context?: BrowserContextOptions;
}

export async function person(browser: Browser, origin: string, options: Options = {}) {
  const context = await browser.newContext({
    baseURL: origin,
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...options.context,
  });
  const problems: string[] = [];
  const urls: string[] = [];
  context.on("request", (request) => void urls.push(request.url()));
  context.on("weberror", (error) => void problems.push(`exception: ${error.error().stack}`));
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.on("websocket", (socket) => void urls.push(socket.url()));
  const session = await context.newCDPSession(page);
  const authenticator = await Authenticator.attach(session, options.hasPrf ?? true);

  return {
    page,
    context,
    authenticator,
    problems,
    urls,
    async becomeNewDevice() {
      // A file without script of the same origin: the app could write again while its data is removed,
      // and another origin would be another process, which has no authenticator.
      await page.goto("/icon.svg");
      await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
      await context.clearCookies();
    },
    async accessibilityViolations() {
      // The other mode opens a page of its own, which would count as one of this person's.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      return violations.map(({ id, help, nodes }) => {
        const places = nodes.map((node) => node.target.join(" ")).join("; ");
        return `${id}: ${help} (${places})`;
      });
    },
    leave: () => context.close(),
  } satisfies Person;
}

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { Authenticator } from "./authenticator.ts";

/** Someone at their own device: a page with its own storage and passkeys, watched for everything that goes wrong. */
export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly authenticator: Authenticator;
  /** Console errors, uncaught exceptions and policy violations, in the page and in its workers, but what is expected. */
  problems(): readonly string[];
  /** From now on such a line is part of the journey, as a failed request is without a network. */
  expects(problem: RegExp): void;
  /** Every address asked for, WebSockets included. */
  readonly urls: readonly string[];
  /** Forgets everything the origin stored, as a new device would; the passkeys survive. */
  becomeNewDevice(): Promise<void>;
  /** What axe-core finds on every open page as it is: one line per violation, with its elements. */
  accessibilityViolations(): Promise<string[]>;
  leave(): Promise<void>;
}

export interface Options {
  readonly hasPrf?: boolean;
  readonly context?: BrowserContextOptions;
}

const present: Person[] = [];

/** Who came in this file's journeys: what holds for all is asked of each after every test. */
export const everybody = (): readonly Person[] => present;

/** Opens a page for somebody new. */
export async function person(
  browser: Browser,
  origin: string,
  options: Options = {},
): Promise<Person> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...options.context,
  });
  const problems: string[] = [];
  const expected: RegExp[] = [];
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
    // No exception, so nothing else reports it.
    addEventListener("error", ({ message }) => {
      if (/ResizeObserver loop/.test(message)) console.error(message);
    });
  });
  const page = await context.newPage();
  page.on("websocket", (socket) => void urls.push(socket.url()));
  const session = await context.newCDPSession(page);
  const authenticator = await Authenticator.attach(session, options.hasPrf ?? true);

  const who: Person = {
    page,
    context,
    authenticator,
    urls,
    problems: () => problems.filter((line) => !expected.some((pattern) => pattern.test(line))),
    expects: (problem) => void expected.push(problem),
    async becomeNewDevice() {
      // A file without script of the same origin: the app could write again while its data is removed,
      // and another origin would be another process, which has no authenticator.
      await page.goto("/icon.svg");
      await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
      await context.clearCookies();
    },
    async accessibilityViolations() {
      const found: string[] = [];
      for (const open of context.pages().filter((each) => each.url().startsWith(origin))) {
        found.push(...(await violationsOn(open)));
      }
      return found;
    },
    leave: () => context.close(),
  };
  present.push(who);
  return who;
}

async function violationsOn(page: Page): Promise<string[]> {
  // The other mode opens a page of its own, which would count as one of this person's.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.map((node) => node.target.join(" ")).join("; ");
    return `${id}: ${help} (${places})`;
  });
}

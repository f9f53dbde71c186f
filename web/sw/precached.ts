/** What the build writes into the service worker (scripts/build/service-worker.mjs). */
export interface Precached {
  /** changes with every file that is kept */
  readonly version: string;
  /** the page's first script, by which a page and a service worker know that they are of one build */
  readonly entry: string;
  /** paths under /assets/, whose content never changes */
  readonly assets: readonly string[];
  /** other paths, the page itself among them */
  readonly files: readonly string[];
}

declare const __PRECACHED__: Precached;

export const PRECACHED: Precached = __PRECACHED__;

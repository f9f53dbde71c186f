import { PRECACHED } from "./precached.ts";

/** One cache for each build, so that two builds never mix. */
const PREFIX = "thyme-shell-";
const NAME = PREFIX + PRECACHED.version;

const SHELL = "/";
const LANES = 2;
/** Without reception a request may hang for minutes; the shell from the cache is as good by then. */
const PATIENCE_MS = 3_000;

async function fetched(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { ...init, credentials: "same-origin", redirect: "error" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

/** The page must name the scripts of this build: a deployment may be under way. */
async function fetchedShell(): Promise<Response> {
  const response = await fetched(SHELL, { cache: "reload" });
  const html = await response.clone().text();
  if (!html.includes(PRECACHED.entry)) throw new Error("the page is of another build");
  return response;
}

/** Keeps all of this build or fails as a whole; what an older build has already is not fetched again. */
export async function fill(): Promise<void> {
  const cache = await caches.open(NAME);
  const keepAsset = async (path: string): Promise<void> => {
    const known = await caches.match(path);
    await cache.put(path, known ?? (await fetched(path, { priority: "low" })));
  };
  const keepFile = async (path: string): Promise<void> => {
    const found = path === SHELL ? fetchedShell() : fetched(path, { cache: "reload" });
    await cache.put(path, await found);
  };
  const waiting = [
    ...PRECACHED.files.map((path) => () => keepFile(path)),
    ...PRECACHED.assets.map((path) => () => keepAsset(path)),
  ];
  // All at once would take every connection of an HTTP/1.1 origin from what the person is doing.
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Removes the caches of other builds. */
export async function sweep(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** A file of this build, or of the one that a tab was started with. */
export async function kept(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const own = await cache.match(request, { ignoreVary: true });
  return own ?? (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/**
 * The page: the network's when it answers in time, else the one that is kept. An answer of the server that
 * says that it is in trouble is no page either.
 */
export async function page(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const shell = await cache.match(SHELL, { ignoreVary: true });
  if (!shell) return fetch(request);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(request, { signal: patience.signal });
    return response.status >= 500 ? shell : response;
  } catch {
    return shell;
  } finally {
    // What began to arrive is not cut off.
    clearTimeout(timer);
  }
}

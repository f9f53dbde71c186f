/** Where an answer comes from. `none`: the browser asks the network as if there were no service worker. */
export type Route = "none" | "shell" | "asset" | "file";

interface Asked {
  readonly url: string;
  readonly method: string;
  /** `navigate` for a page of its own */
  readonly mode: string;
}

const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

/** Folders that are never answered from the cache: answers of the server and the administrator's own page. */
const LIVE = ["/api", "/ws", "/admin", "/cdn-cgi"];

/** Decides by the address alone. `files` are the precached paths outside /assets/. */
export function routeOf(asked: Asked, origin: string, files: ReadonlySet<string>): Route {
  const url = new URL(asked.url);
  if (asked.method !== "GET" || url.origin !== origin) return "none";
  const path = url.pathname;
  if (LIVE.some((folder) => isBelow(path, folder))) return "none";
  if (isBelow(path, "/assets")) return asked.mode === "navigate" ? "none" : "asset";
  // Every path of the application is the same page (workers/http); a name with a dot is a file.
  if (asked.mode === "navigate") return path.includes(".") ? "none" : "shell";
  return files.has(path) ? "file" : "none";
}

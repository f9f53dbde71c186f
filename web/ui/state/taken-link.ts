/**
 * I1: the secret part of an invitation or setup link leaves the address before anything else runs, so that it
 * reaches no history entry, log or referrer. This module imports nothing and is the first import of main.tsx.
 */
const LINK_PATHS = ["/join", "/setup"];

let link: string | null = null;

/** Moves the fragment of a link in the address bar into memory. Returns whether there was one. */
export function takeLink(): boolean {
  const path = location.pathname.replace(/\/+$/, "");
  if (!LINK_PATHS.includes(path) || location.hash.length < 2) return false;
  link = location.href;
  history.replaceState(history.state, "", path + location.search);
  return true;
}

/** The whole link as it was opened, until it is forgotten or the page is left. */
export const takenLink = (): string | null => link;

export function forgetLink(): void {
  link = null;
}

takeLink();

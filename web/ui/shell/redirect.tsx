import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";

export function Redirect({ to }: { to: string }) {
  const { route } = useLocation();
  useEffect(() => route(to, true), [to]);
  return null;
}

/** Only the app's own screens: an address in a query is anybody's to write. */
const RETURNS = /^\/(?:settings|c\/[\w-]+(?:\/files)?)$/;

/** Sign-in remembers where somebody wanted to go, also through a reload. */
export function signInPath(wanted: string): string {
  return RETURNS.test(wanted) ? `/sign-in?next=${encodeURIComponent(wanted)}` : "/sign-in";
}

export function returnPath(next: string | undefined): string {
  return next !== undefined && RETURNS.test(next) ? next : "/";
}

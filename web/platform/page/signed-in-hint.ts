const KEY = "thyme.signed-in";

/**
 * Whether somebody was signed in here when the page was last used: only a hint for the first paint, the
 * engine knows. Browsers that refuse storage throw when it is read.
 */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

export function rememberSignedIn(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(KEY, "1");
    else localStorage.removeItem(KEY);
  } catch {
    // Without the hint the first paint is the sign-in screen for a moment.
  }
}

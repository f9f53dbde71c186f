/** Whether the person can see this page: not in another tab, a minimised window, or a locked phone. */
export const isVisible = (): boolean => document.visibilityState === "visible";

/** Tells whenever that changes or the window is taken up again; a page that is put away for good says so as well. */
export function watchVisibility(changed: (visible: boolean) => void): void {
  document.addEventListener("visibilitychange", () => changed(isVisible()));
  addEventListener("pagehide", () => changed(false));
  addEventListener("pageshow", () => changed(isVisible()));
  // Of two windows that are both in sight the person looks at this one.
  addEventListener("focus", () => changed(isVisible()));
}

/**
 * iOS lays its keyboard over the page instead of shrinking it, which would hide the composer. The height that is
 * really visible goes into a custom property; a pinch zoom is no keyboard and is left alone.
 */
export function followKeyboard(): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const update = (): void => {
    const root = document.documentElement.style;
    const covered = window.innerHeight - viewport.height > 80;
    if (covered && viewport.scale < 1.05) {
      root.setProperty("--visible-height", `${Math.round(viewport.height)}px`);
      window.scrollTo(0, 0);
    } else root.removeProperty("--visible-height");
  };
  viewport.addEventListener("resize", update);
}

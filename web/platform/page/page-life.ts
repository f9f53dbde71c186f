/** What a page is told of its own life (Page Lifecycle; HTML, "page visibility" and "session history"). */
export interface PageLife {
  /** The page may end without another word: hidden tabs are discarded, closed ones do not wait. */
  leave(): void;
  /** It is put away alive: what it holds would be held against every other page. */
  rest(): void;
  /** It is in use again. */
  renew(): void;
}

/** Watches this page being hidden, put into the back/forward cache, frozen, and taken out again. */
export function watchPageLife({ leave, rest, renew }: PageLife): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
  addEventListener("pagehide", ({ persisted }) => {
    leave();
    // A page that is not kept ends, and its worker with it: until then it may still store something.
    if (persisted) rest();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) renew();
  });
  // Chromium freezes tabs in the background as well, without hiding the page again.
  document.addEventListener("freeze", () => {
    leave();
    rest();
  });
  document.addEventListener("resume", renew);
}

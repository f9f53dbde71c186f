/** The router decodes the path; one that is no percent-encoded text would end it, and leave a blank page. */
export function repairAddress(): void {
  try {
    decodeURIComponent(location.pathname);
  } catch {
    history.replaceState(null, "", "/not-found");
  }
}

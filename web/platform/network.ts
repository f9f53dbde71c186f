/** Tells when the system says that the network came or went; works in pages and in workers. */
export function watchNetwork(changed: (online: boolean) => void): void {
  self.addEventListener("online", () => changed(true));
  self.addEventListener("offline", () => changed(false));
}

/** False only when the system is sure that there is no network. */
export const systemOnline = (): boolean => navigator.onLine;

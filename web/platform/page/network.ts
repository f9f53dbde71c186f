/** Tells when the system says that the network came or went. */
export function watchNetwork(changed: (online: boolean) => void): void {
  addEventListener("online", () => changed(true));
  addEventListener("offline", () => changed(false));
}

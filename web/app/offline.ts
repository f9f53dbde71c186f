import { effect } from "@preact/signals";
import { NETWORK_BACK, askSync } from "../platform/background-sync.ts";
import { followServiceWorker } from "../platform/page/service-worker.ts";
import { trustedScriptUrl } from "./trusted-url.ts";

interface Surroundings {
  /** another build than this page's is ready, with what brings it */
  readonly newer: (reload: () => Promise<void>) => void;
  /** tracked: something waits that the connection does not take */
  readonly waits: () => boolean;
  /** something waits, whatever the connection */
  readonly unsent: () => boolean;
  readonly networkBack: () => void;
}

/**
 * Keeps the app for times without a network, and asks to be woken for what could not be sent. A browser that
 * refuses loses only that.
 */
export function keepForOffline({ newer, waits, unsent, networkBack }: Surroundings): void {
  followServiceWorker(trustedScriptUrl("/sw.js"), newer).catch(() => undefined);
  if (!("serviceWorker" in navigator)) return;
  const container = navigator.serviceWorker;
  const ask = (): void => void container.ready.then(askSync);
  effect(() => {
    if (waits()) ask();
  });
  addEventListener("pagehide", () => {
    if (unsent()) ask();
  });
  container.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const isBack = typeof data === "object" && data !== null && "type" in data;
    if (isBack && data.type === NETWORK_BACK) networkBack();
  });
}

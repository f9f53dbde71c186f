import { followServiceWorker } from "../platform/page/service-worker.ts";
import { trustedScriptUrl } from "./trusted-url.ts";

/** Keeps the app for times without a network. A browser that refuses loses only that. */
export function keepForOffline(newer: (reload: () => Promise<void>) => void): void {
  followServiceWorker(trustedScriptUrl("/sw.js"), newer).catch(() => undefined);
}

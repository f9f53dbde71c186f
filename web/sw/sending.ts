import { trustedScriptUrl } from "../app/trusted-url.ts";

/** What /sw-send.js leaves behind (send.ts). */
export interface Sending {
  /** resolves with how many messages still wait */
  sendInBackground(): Promise<number>;
}

declare const self: ServiceWorkerGlobalScope & { readonly thymeSending?: Sending };

/** A service worker may import later only what it imported when it was installed. */
export const importSending = (): void =>
  // Typed as a string by lib.dom; under Trusted Types it is the policy's own object.
  self.importScripts(trustedScriptUrl("/sw-send.js") as string);

/** Sends what waits on this device. Resolves with how many messages still do; throws what the network throws. */
export function sendWaiting(): Promise<number> {
  if (!self.thymeSending) importSending();
  if (!self.thymeSending) throw new Error("the sending half is not there");
  return self.thymeSending.sendInBackground();
}

/** Background Sync (WICG), which lib.dom does not describe; Chromium alone has it. */

/** The one task that the service worker is woken for: messages that wait in the outbox. */
export const OUTBOX_SYNC = "outbox";

/** What the service worker tells an open page: the browser says that there is a network. */
export const NETWORK_BACK = "network-back";

export interface SyncEvent extends ExtendableEventLike {
  readonly tag: string;
}

interface ExtendableEventLike extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface SyncManager {
  register(tag: string): Promise<void>;
}

/** Asks to be woken when there is a network, with or without a page. False where the browser cannot. */
export async function askSync(registration: ServiceWorkerRegistration): Promise<boolean> {
  if (!("sync" in registration)) return false;
  try {
    // Present, so it is what the specification says it is.
    await (registration.sync as SyncManager).register(OUTBOX_SYNC);
    return true;
  } catch {
    // The person may have forbidden it; an open page still sends by itself.
    return false;
  }
}

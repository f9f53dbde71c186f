/** The app without a network: keeps the build it belongs to and serves it when the network does not. */
import { NETWORK_BACK, OUTBOX_SYNC, type SyncEvent } from "../platform/background-sync.ts";
import { PRECACHED } from "./precached.ts";
import { importSending, sendWaiting } from "./sending.ts";
import { routeOf } from "./routes.ts";
import { fill, kept, page, sweep } from "./shell-cache.ts";

// The library types `self` as any kind of worker; this file is only ever started as a service worker.
const worker = self as unknown as ServiceWorkerGlobalScope;
const files = new Set(PRECACHED.files);

/**
 * A page that is open sends by itself, at once and by its socket. What it could not send, or what no page is
 * there for, is tried here; the browser calls again, later, when something still waits.
 */
async function deliver(): Promise<void> {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const window of windows) window.postMessage({ type: NETWORK_BACK });
  if ((await sendWaiting()) > 0) throw new Error("messages still wait");
}

/**
 * Other builds' files go when nobody can need them: no build waits to take over, and at most one window is
 * open, the one that is just loading this build.
 */
async function sweepIfAlone(): Promise<void> {
  const { installing, waiting } = worker.registration;
  if (installing !== null || waiting !== null) return;
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.length <= 1) await sweep();
}

worker.addEventListener("install", (event) => {
  importSending();
  event.waitUntil(fill());
});

worker.addEventListener("activate", (event) => {
  const work = async (): Promise<void> => {
    await sweepIfAlone();
    // The page of a first visit works offline from here on, without a second visit.
    await worker.clients.claim();
  };
  event.waitUntil(work());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  switch (routeOf(request, worker.location.origin, files)) {
    case "none":
      return;
    case "shell":
      event.respondWith(page(request));
      event.waitUntil(sweepIfAlone());
      return;
    case "asset":
    case "file":
      event.respondWith(kept(request));
      return;
  }
});

// lib.dom knows no "sync" event, so it comes here as a plain one.
worker.addEventListener("sync", (event: Event) => {
  const sync = event as SyncEvent;
  if (sync.tag === OUTBOX_SYNC) sync.waitUntil(deliver());
});

worker.addEventListener("message", (event: ExtendableMessageEvent) => {
  const data: unknown = event.data;
  if (typeof data !== "object" || data === null || !("type" in data)) return;
  // Never by itself: only a person's "Reload", or a page that is of this build already, asks for it.
  if (data.type === "take-over") event.waitUntil(worker.skipWaiting());
  if (data.type === "entry") event.ports[0]?.postMessage(PRECACHED.entry);
});

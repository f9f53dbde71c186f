/** How long a build that takes over may need before the page is loaded again all the same. */
const TAKE_OVER_MS = 3_000;
const ANSWER_MS = 5_000;
/** The browser looks at each visit; a tab may stay open for days. */
const LOOK_EVERY_MS = 60 * 60_000;

/** The first script of the build that a service worker keeps; null when it does not say. */
function entryOf(worker: ServiceWorker): Promise<string | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const settle = (entry: string | null): void => {
      port1.close();
      resolve(entry);
    };
    port1.addEventListener("message", ({ data }: MessageEvent<unknown>) =>
      settle(typeof data === "string" ? data : null),
    );
    port1.start();
    setTimeout(() => settle(null), ANSWER_MS);
    worker.postMessage({ type: "entry" }, [port2]);
  });
}

function ownEntry(): string | null {
  const script = document.querySelector<HTMLScriptElement>("script[type=module][src]");
  return script && new URL(script.src).pathname;
}

/**
 * Registers the service worker and follows its builds. `newer` is told when another build than this page's is
 * ready, with what brings it: that one loads the page again, which never happens by itself.
 */
export async function followServiceWorker(
  url: string | URL,
  newer: (reload: () => Promise<void>) => void,
): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const container = navigator.serviceWorker;
  // Typed as a string by lib.dom; under Trusted Types it is the policy's own object.
  const registration = await container.register(url, { updateViaCache: "none" });

  const takenOver = (): Promise<void> =>
    new Promise((resolve) => {
      container.addEventListener("controllerchange", () => resolve(), { once: true });
      setTimeout(resolve, TAKE_OVER_MS);
    });
  const reload = async (): Promise<void> => {
    if (registration.waiting) {
      const done = takenOver();
      registration.waiting.postMessage({ type: "take-over" });
      await done;
    }
    location.reload();
  };
  const judge = async (worker: ServiceWorker | null): Promise<void> => {
    if (!worker) return;
    const entry = await entryOf(worker);
    if (entry === null) return;
    if (entry !== ownEntry()) newer(reload);
    // The network brought this page's build before its service worker: nobody need be asked.
    else if (worker === registration.waiting) worker.postMessage({ type: "take-over" });
  };

  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && registration.active) void judge(worker);
    });
  });
  // Another tab may have called in the newer build.
  container.addEventListener("controllerchange", () => void judge(container.controller));
  void judge(registration.waiting);
  setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
}

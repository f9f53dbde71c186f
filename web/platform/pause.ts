/** So long the engine may work without looking up: what the page asks meanwhile waits. */
const SLICE_MS = 12;

/**
 * E1: lets what waits (the page's questions, frames, timers) have its turn, once the work since the last time has taken a
 * while. A timer would do as well, but browsers make nested ones wait for four milliseconds.
 */
export function createPause(now: () => number = () => performance.now()): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since < SLICE_MS) return;
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
    since = now();
  };
}

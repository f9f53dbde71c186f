/** How long another tab may hold a lock without giving it back before it is taken away. */
const PATIENCE_MS = 20_000;

/**
 * Runs `work` while this tab alone holds the named Web Lock. A tab that the system froze keeps its lock for
 * ever: after a wait it is taken away, which is safe where the work is idempotent (M6) and only then.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), PATIENCE_MS);
  try {
    return await navigator.locks.request(name, { signal: waiting.signal }, () => {
      clearTimeout(timer);
      return work();
    });
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    return await navigator.locks.request(name, { steal: true }, work);
  } finally {
    clearTimeout(timer);
  }
}

// Taken before a test has its clock faked.
const now = performance.now.bind(performance);
const { setTimeout, clearTimeout } = globalThis;

let end = Number.POSITIVE_INFINITY;

/** A mutant may loop for ever: what goes through a guard after the end throws, what only waits is left. */
export const deadline = {
  now,
  /** Throws when the end has come. */
  look(): void {
    if (now() > end) throw new Error("a mutant that does not end");
  },
  /** Rejects when the work has not ended in time. */
  async around(ms: number, work: () => Promise<void>): Promise<void> {
    end = now() + ms;
    const timer = Promise.withResolvers<never>();
    const alarm = setTimeout(() => timer.reject(new Error("a mutant that does not end")), ms);
    try {
      await Promise.race([work(), timer.promise]);
    } finally {
      clearTimeout(alarm);
      end = Number.POSITIVE_INFINITY;
    }
  },
};

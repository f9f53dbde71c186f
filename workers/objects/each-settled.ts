/**
 * Runs `work` on every item, at most `width` at a time, in their order. One that fails or hangs takes a lane and
 * nobody else's turn. Resolves to the failures.
 */
export async function eachSettled<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) {
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return failures;
}

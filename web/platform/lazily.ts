import { PlatformError } from "./problem.ts";

/**
 * A part of the engine in a chunk of its own, fetched when it is first asked for. Throws PlatformError `offline`
 * when it does not come; the next call tries again.
 */
export function lazily<T>(load: () => Promise<T>): () => Promise<T> {
  let part: Promise<T> | null = null;
  return () => {
    part ??= load().catch((cause: unknown) => {
      part = null;
      throw new PlatformError("offline", cause);
    });
    return part;
  };
}

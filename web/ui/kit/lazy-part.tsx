import { signal } from "@preact/signals";
import type { ComponentChild, ComponentType } from "preact";
import { useEffect } from "preact/hooks";

interface LazyPart<P> {
  (props: P & { readonly onMissing?: () => void }): ComponentChild;
}

/**
 * A part of a screen in a chunk of its own; until it is there `Place` is shown where there is one, else nothing.
 * `onMissing` says that it did not come.
 */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Place?: ComponentType<P>,
): LazyPart<P> {
  const loaded = signal<{ readonly part: ComponentType<P> } | null>(null);
  return function Lazy({ onMissing, ...props }) {
    useEffect(() => {
      if (loaded.peek() !== null) return undefined;
      let gone = false;
      const start = async (): Promise<void> => {
        try {
          loaded.value = { part: await load() };
        } catch {
          if (!gone) onMissing?.();
        }
      };
      void start();
      return () => void (gone = true);
    }, []);
    const Part = loaded.value?.part ?? Place;
    return Part ? <Part {...(props as unknown as P)} /> : null;
  };
}

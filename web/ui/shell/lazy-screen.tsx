import { type Signal, signal } from "@preact/signals";
import type { ComponentChild, ComponentType } from "preact";
import { Button } from "../kit/button.tsx";
import { text } from "../text/language.ts";
import { EmptyShell } from "./empty-shell.tsx";

export interface LazyScreen<P> {
  (props: P): ComponentChild;
  preload(): void;
}

/**
 * A screen in a chunk of its own. Unlike preact-iso's `lazy`, a chunk that did not come (no network, a newer
 * deployment) ends in a screen that says so and tries again.
 */
export function lazyScreen<P extends object>(load: () => Promise<ComponentType<P>>): LazyScreen<P> {
  const loaded: Signal<{ screen: ComponentType<P> } | null> = signal(null);
  const failed = signal(false);
  let pending = false;

  const start = async (): Promise<void> => {
    if (pending || loaded.peek() !== null) return;
    pending = true;
    failed.value = false;
    try {
      loaded.value = { screen: await load() };
    } catch {
      failed.value = true;
    } finally {
      pending = false;
    }
  };

  function Lazy(props: P): ComponentChild {
    if (loaded.value !== null) {
      const { screen: Screen } = loaded.value;
      return <Screen {...props} />;
    }
    if (failed.value) return <Failed retry={() => void start()} />;
    void start();
    return <EmptyShell />;
  }
  Lazy.preload = () => void start();
  return Lazy;
}

function Failed({ retry }: { retry: () => void }) {
  const t = text().common;
  return (
    <div class="centred" role="alert">
      <h1>{t.partFailed}</h1>
      <p class="quiet">{t.partFailedHelp}</p>
      <div class="actions">
        <Button kind="primary" onClick={retry}>
          {t.tryAgain}
        </Button>
        <Button onClick={() => location.reload()}>{t.reload}</Button>
      </div>
    </div>
  );
}

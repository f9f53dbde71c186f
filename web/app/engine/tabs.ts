/** Tells the other tabs of this browser what changed in the store that all share. */
export interface Tabs {
  changed(id: string): void;
  listen(changed: (id: string) => void): () => void;
  /** Somebody signed in or out: every tab starts anew. */
  restart(): void;
  onRestart(work: () => void): void;
  leave(): void;
}

type Note = { readonly changed: string } | { readonly restart: true };

const isNote = (data: unknown): data is Note =>
  typeof data === "object" && data !== null && ("changed" in data || "restart" in data);

export function joinTabs(): Tabs {
  const channel = new BroadcastChannel("thyme");
  const listeners = new Set<(id: string) => void>();
  let restarted: () => void = () => undefined;
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!isNote(data)) return;
    if ("restart" in data) restarted();
    else for (const listener of listeners) listener(data.changed);
  });
  const post = (note: Note): void => channel.postMessage(note);
  return {
    changed: (id) => post({ changed: id }),
    listen(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    restart: () => post({ restart: true }),
    onRestart(work) {
      restarted = work;
    },
    leave: () => channel.close(),
  };
}

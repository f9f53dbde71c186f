/** Tells the other tabs of this browser what changed in the store that all share. */
export interface Tabs {
  changed(id: string): void;
  listen(changed: (id: string) => void): () => void;
  /** Somebody signed in or out: every tab starts anew. */
  restart(): void;
  onRestart(work: () => void): void;
  leave(): void;
  /** The account's switches were changed here. */
  preferencesChanged(): void;
  onPreferences(work: () => void): void;
}

type Note =
  | { readonly changed: string }
  | { readonly restart: true }
  | { readonly preferences: true };

const isNote = (data: unknown): data is Note =>
  typeof data === "object" &&
  data !== null &&
  ("changed" in data || "restart" in data || "preferences" in data);

export function joinTabs(): Tabs {
  const channel = new BroadcastChannel("thyme");
  const listeners = new Set<(id: string) => void>();
  let restarted: () => void = () => undefined;
  let switched: () => void = () => undefined;
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!isNote(data)) return;
    if ("restart" in data) restarted();
    else if ("preferences" in data) switched();
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
    preferencesChanged: () => post({ preferences: true }),
    onPreferences(work) {
      switched = work;
    },
  };
}

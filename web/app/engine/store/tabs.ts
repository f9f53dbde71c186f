import * as z from "zod/mini";
import { id32 } from "../../../../workers/protocol/fields.ts";
import { type ConversationId, parseConversationId } from "../../../../workers/protocol/ids.ts";

/** Tells the other tabs of this browser what changed in the store that all share. */
export interface Tabs {
  changed(id: ConversationId): void;
  listen(changed: (id: ConversationId) => void): () => void;
  /** Somebody signed in or out: every tab starts anew. */
  restart(): void;
  onRestart(work: () => void): void;
  leave(): void;
  /** The account's switches were changed here. */
  preferencesChanged(): void;
  onPreferences(work: () => void): void;
}

const note = z.union([
  z.object({ changed: id32 }),
  z.object({ restart: z.literal(true) }),
  z.object({ preferences: z.literal(true) }),
]);
type Note = z.infer<typeof note>;

export function joinTabs(): Tabs {
  const channel = new BroadcastChannel("thyme");
  const listeners = new Set<(id: ConversationId) => void>();
  let restarted: () => void = () => undefined;
  let switched: () => void = () => undefined;
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const told = note.safeParse(data);
    if (!told.success) return;
    if ("restart" in told.data) return restarted();
    if ("preferences" in told.data) return switched();
    const id = parseConversationId(told.data.changed);
    for (const listener of listeners) listener(id);
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

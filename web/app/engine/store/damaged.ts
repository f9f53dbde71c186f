import type * as z from "zod/mini";
import type { StoreName } from "../../../platform/database.ts";
import type { RecordKey } from "./codec.ts";

/** A record that is there and cannot be read (E1). */
export interface Damage {
  readonly store: StoreName;
  readonly key: RecordKey;
  /** what it was to be */
  readonly schema: z.ZodMiniType;
}

/** What stands there cannot be read; it is set aside and fetched anew, so ask again later. */
export class DamagedRecord extends Error {
  override readonly name = "DamagedRecord";
  constructor(readonly store: StoreName) {
    super(store);
  }
}

/** More of one start is one damaged database, and told by these. */
const REMEMBERED = 10_000;

/** Every damaged record of one opening of the store, each told once to whoever watches, now or later. */
export function createDamageReport() {
  const found = new Map<string, Damage>();
  const listeners = new Set<(damage: Damage) => void>();
  return {
    tell(damage: Damage): void {
      const id = JSON.stringify([damage.store, damage.key]);
      if (found.has(id) || found.size >= REMEMBERED) return;
      found.set(id, damage);
      for (const listener of listeners) listener(damage);
    },
    watch(listener: (damage: Damage) => void): () => void {
      for (const damage of found.values()) listener(damage);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

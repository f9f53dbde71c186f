import type { EnginePort } from "./engine-port.ts";
import type { Unstored } from "./unstored.ts";

/** Where a page that ends leaves texts, sealed; platform/page/left-texts.ts. */
export interface LeftTexts {
  /** This page's; replaces what it left before. Synchronous: the page may not run again. */
  leave(sealed: readonly Uint8Array[]): void;
  /** What other pages of this browser left, by page. */
  others(): ReadonlyMap<string, readonly Uint8Array[]>;
  /** That page's, in the place of what it left; none: nothing of it stays. */
  keep(page: string, sealed: readonly Uint8Array[]): void;
}

/**
 * Texts on their way to the device's store. A page that goes cannot wait for its engine, so the engine seals each
 * text when it changes (K8: the page has no keys), and the page leaves the sealed copies where it can write at once.
 */
export interface UnstoredTexts {
  /** `entry` is not stored yet, and takes the place of what was held under this name. */
  hold(name: string, entry: Unstored): void;
  /** It is stored; what was held under the name since then stays. */
  release(name: string, entry: Unstored): void;
  /** Nothing under this name is to be stored any more. */
  drop(name: string): void;
  /** The page may be about to end. */
  leave(): void;
  /** Hands what pages left to the engine, which knows whether it was stored after all. */
  recover(): Promise<void>;
  /** Somebody signed out: nothing of theirs stays. */
  forget(): void;
}

interface Held {
  entry: Unstored;
  sealed: Uint8Array | null;
  /** what `sealed` holds, or is about to */
  asked: Unstored | null;
  isSealing: boolean;
}

export function createUnstoredTexts(engine: EnginePort, left: LeftTexts): UnstoredTexts {
  const held = new Map<string, Held>();
  let hasLeft = false;

  const write = (): void => {
    const sealed = [...held.values()].flatMap((one) => (one.sealed ? [one.sealed] : []));
    left.leave(sealed);
    hasLeft = sealed.length > 0;
  };

  /** One at a time for each name, and then the newest: an engine that is busy is not asked for every letter. */
  const seal = async (name: string, one: Held): Promise<void> => {
    if (one.isSealing) return;
    one.isSealing = true;
    while (one.asked !== one.entry && held.get(name) === one) {
      one.asked = one.entry;
      const outcome = await engine.ask("sealUnstored", one.entry);
      if (outcome.ok) one.sealed = outcome.value;
      // Hidden meanwhile: what was left is older than this.
      if (hasLeft && held.get(name) === one) write();
    }
    one.isSealing = false;
  };

  const drop = (name: string): void => {
    if (held.delete(name) && hasLeft) write();
  };

  return {
    hold(name, entry) {
      const known = held.get(name);
      const one = known ?? { entry, sealed: null, asked: null, isSealing: false };
      one.entry = entry;
      if (!known) held.set(name, one);
      void seal(name, one);
    },
    release(name, entry) {
      if (held.get(name)?.entry === entry) drop(name);
    },
    drop,
    leave() {
      if (held.size > 0) write();
    },
    async recover() {
      for (const [page, sealed] of left.others()) {
        const outcome = await engine.ask("recoverUnstored", sealed);
        if (outcome.ok) left.keep(page, outcome.value);
      }
    },
    forget() {
      held.clear();
      write();
      for (const page of left.others().keys()) left.keep(page, []);
    },
  };
}

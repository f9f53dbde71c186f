import { FileError } from "../../core/files/refused.ts";
import type { Copies, CopyPlace } from "./copies.ts";

/** Bytes of all of them together. */
export const MEMORY_MOST = 64 * 1024 * 1024;

/** F1: where the browser keeps no files, as in some private windows: bounded, and gone with this tab. */
export function createMemoryCopies(now: () => number): Copies {
  const held = new Map<string, { readonly blob: Blob; readonly at: number }>();
  const keyOf = (place: CopyPlace, name: string): string => `${place}/${name}`;
  const sum = (): number => [...held.values()].reduce((bytes, { blob }) => bytes + blob.size, 0);
  return {
    isDurable: false,
    async create(place, name) {
      let pieces: Blob[] = [];
      let size = 0;
      return {
        async write(bytes) {
          size += bytes.length;
          if (sum() + size > MEMORY_MOST) throw new FileError("device_full", "memory");
          pieces.push(new Blob([bytes.slice()]));
        },
        async finish() {
          held.set(keyOf(place, name), { blob: new Blob(pieces), at: now() });
        },
        async drop() {
          pieces = [];
        },
      };
    },
    open: async (place, name) => held.get(keyOf(place, name))?.blob ?? null,
    remove: async (place, name) => void held.delete(keyOf(place, name)),
    list: async (place) =>
      [...held].flatMap(([key, { blob, at }]) =>
        key.startsWith(`${place}/`)
          ? [{ name: key.slice(place.length + 1), size: blob.size, at }]
          : [],
      ),
  };
}

import { toBase64url } from "../protocol/bytes.ts";

/** Erasure shares as R2 holds them (C7). */
export interface ShareStore {
  put(hash: Uint8Array, share: Uint8Array): Promise<void>;
  /** null: erased */
  get(hash: Uint8Array): Promise<Uint8Array | null>;
  delete(hash: Uint8Array): Promise<void>;
}

const keyOf = (hash: Uint8Array): string => `shares/${toBase64url(hash)}`;

/** R2 cannot be rolled back to an earlier day as D1 and object storage can: so a deleted share stays deleted. */
export const r2Shares = (bucket: R2Bucket): ShareStore => ({
  async put(hash, share) {
    await bucket.put(keyOf(hash), share);
  },
  async get(hash) {
    const object = await bucket.get(keyOf(hash));
    return object && new Uint8Array(await object.arrayBuffer());
  },
  async delete(hash) {
    await bucket.delete(keyOf(hash));
  },
});

/** R2 reads at a time. */
const PARALLEL = 6;

/** C7: shares by bundle hash, in memory only. */
export class ShareCache {
  readonly #known = new Map<string, Uint8Array | null>();

  set(hash: Uint8Array, share: Uint8Array): void {
    this.#known.set(toBase64url(hash), share);
  }

  has(hash: Uint8Array): boolean {
    return this.#known.has(toBase64url(hash));
  }

  /** null: erased, or not loaded; callers that answer a reader load first. */
  get(hash: Uint8Array): Uint8Array | null {
    return this.#known.get(toBase64url(hash)) ?? null;
  }

  /** Reads what is not known yet. Rejects if R2 is out of reach: "absent" would read as "erased". */
  async load(store: ShareStore, hashes: readonly Uint8Array[]): Promise<void> {
    const missing = hashes.filter((hash) => !this.has(hash));
    for (let i = 0; i < missing.length; i += PARALLEL) {
      const group = missing.slice(i, i + PARALLEL);
      const shares = await Promise.all(group.map((hash) => store.get(hash)));
      for (const [k, hash] of group.entries()) {
        this.#known.set(toBase64url(hash), shares[k] ?? null);
      }
    }
  }
}

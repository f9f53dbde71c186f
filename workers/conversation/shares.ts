import { toBase64url } from "../protocol/bytes.ts";

/** The object that one upload of a bundle has put, and no other ever puts (C7). */
export interface AttemptName {
  readonly kind: "attempt";
  readonly conversation: Uint8Array;
  /** hash of the bundle */
  readonly bundle: Uint8Array;
  /** random, chosen for this upload */
  readonly attempt: Uint8Array;
}

export type ShareName =
  | AttemptName
  /** put by a build that did not tell attempts apart */
  | { readonly kind: "bundle"; readonly bundle: Uint8Array };

/** What the keys of a conversation's shares begin with. */
export const sharesPrefix = (conversation: Uint8Array): string =>
  `shares/${toBase64url(conversation)}/`;

export function shareKey(name: ShareName): string {
  const bundle = toBase64url(name.bundle);
  switch (name.kind) {
    case "attempt":
      return `${sharesPrefix(name.conversation)}${bundle}/${toBase64url(name.attempt)}`;
    case "bundle":
      return `shares/${bundle}`;
  }
}

/** The share that a bundle's row names. */
export const shareNamed = (
  conversation: Uint8Array,
  { hash, attempt }: { readonly hash: Uint8Array; readonly attempt: Uint8Array | null },
): ShareName =>
  attempt === null
    ? { kind: "bundle", bundle: hash }
    : { kind: "attempt", conversation, bundle: hash, attempt };

/** Erasure shares as R2 holds them (C7). */
export interface ShareStore {
  put(name: AttemptName, share: Uint8Array): Promise<void>;
  /** null: erased */
  get(name: ShareName): Promise<Uint8Array | null>;
  delete(name: ShareName): Promise<void>;
}

/** R2 cannot be rolled back to an earlier day as D1 and object storage can: so a deleted share stays deleted. */
export const r2Shares = (bucket: R2Bucket): ShareStore => ({
  async put(name, share) {
    await bucket.put(shareKey(name), share);
  },
  async get(name) {
    const object = await bucket.get(shareKey(name));
    return object && new Uint8Array(await object.arrayBuffer());
  },
  async delete(name) {
    await bucket.delete(shareKey(name));
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
  async load(store: ShareStore, names: readonly ShareName[]): Promise<void> {
    const missing = names.filter(({ bundle }) => !this.has(bundle));
    for (let i = 0; i < missing.length; i += PARALLEL) {
      const group = missing.slice(i, i + PARALLEL);
      const shares = await Promise.all(group.map((name) => store.get(name)));
      for (const [k, { bundle }] of group.entries()) {
        this.#known.set(toBase64url(bundle), shares[k] ?? null);
      }
    }
  }
}

import { fromBase64url, toBase64url } from "../../../workers/protocol/bytes.ts";

const PREFIX = "thyme.left.";

/** Browsers that refuse storage throw at the mere look, full ones at the write: then nothing is left behind. */
function trying<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

function sealedOf(value: string | null): Uint8Array[] {
  const parsed: unknown = trying(() => JSON.parse(value ?? "[]"), []);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((one: unknown) =>
    typeof one === "string" ? trying(() => [fromBase64url(one)], []) : [],
  );
}

/**
 * Sealed texts in localStorage, the one storage that a page can still write while it ends; an entry a page, so that
 * tabs which are closed together do not overwrite each other.
 */
export function leftTexts(storage: () => Storage = () => localStorage) {
  const own = `${PREFIX}${crypto.randomUUID()}`;
  const keep = (page: string, sealed: readonly Uint8Array[]): void =>
    trying(() => {
      if (sealed.length === 0) storage().removeItem(page);
      else storage().setItem(page, JSON.stringify(sealed.map(toBase64url)));
    }, undefined);
  return {
    leave: (sealed: readonly Uint8Array[]): void => keep(own, sealed),
    keep,
    others(): ReadonlyMap<string, readonly Uint8Array[]> {
      const names = trying(() => Object.keys(storage()), []).filter(
        (name) => name.startsWith(PREFIX) && name !== own,
      );
      return new Map(
        names.map((name) => [name, sealedOf(trying(() => storage().getItem(name), null))]),
      );
    },
  };
}

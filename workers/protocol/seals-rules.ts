import { equalBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { deviceIdOf } from "./ids.ts";
import { type AccountSeals, type ManifestCore, decodeAccountSeals, sealsHash } from "./manifest.ts";
import { isAdmissibleKemKey } from "./signing.ts";

const refuse = (why: string): never => {
  throw new ProtocolError("manifest_refused", why);
};

/** Whether two lists name the same, in the same order. */
const sameIds = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((id, i) => equalBytes(id, b[i] ?? new Uint8Array()));

interface Named {
  readonly id: Uint8Array;
  readonly kemPub: Uint8Array;
}

/** Devices and unlock methods alike; their ids differ in length. */
const named = ({ devices, unlocks }: AccountSeals): readonly Named[] => [
  ...devices.map(({ device: id, kemPub }) => ({ id, kemPub })),
  ...unlocks,
];

/** `before` was admitted already: a key that stays is the same, and not looked at again. */
function checkKeys(seals: AccountSeals, before: AccountSeals | null): void {
  const held = before ? named(before) : [];
  for (const { id, kemPub } of named(seals)) {
    const known = held.find((one) => equalBytes(one.id, id));
    if (known && !equalBytes(known.kemPub, kemPub)) refuse("a key that stays was rewritten (K5)");
    if (!known && !isAdmissibleKemKey(kemPub)) refuse("bad sealing key (E7)");
  }
}

/**
 * K5: the seals object that this manifest names by its hash, with exactly one entry for each of its devices and unlock
 * methods (or somebody is locked out), each under an admissible key (E7). `before` are the admitted seals of the
 * version before, where they are known. Used by clients for trust, before they open a seal or sign what follows, and by
 * the server as defence in depth. Throws ProtocolError `manifest_refused`, `too_large` or `bad_request`.
 */
export function checkAccountSeals(
  core: ManifestCore,
  bytes: Uint8Array,
  before: AccountSeals | null = null,
): AccountSeals {
  if (!equalBytes(sealsHash(bytes), core.sealsHash)) refuse("not the seals of this manifest (K5)");
  const seals = decodeAccountSeals(bytes);
  const live = core.devices.map(({ signPub }) => deviceIdOf(signPub));
  const methods = core.unlocks.map(({ id }) => id);
  if (
    !sameIds(
      seals.devices.map(({ device }) => device),
      live,
    ) ||
    !sameIds(
      seals.unlocks.map(({ id }) => id),
      methods,
    )
  ) {
    refuse("recipients of seals (K5)");
  }
  checkKeys(seals, before);
  return seals;
}

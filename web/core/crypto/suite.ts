import type { Ed25519 } from "./ed25519.ts";
import type { Random } from "./primitives.ts";

/** The effects that the cryptography of the core needs; everything else in it is pure. */
export interface Suite {
  readonly random: Random;
  readonly ed25519: Ed25519;
}

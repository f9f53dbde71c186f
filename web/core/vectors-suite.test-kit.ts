import { describe, expect, test } from "vitest";
import { type Ed25519, type SubtleEd25519, chooseEd25519, nobleEd25519 } from "./crypto/ed25519.ts";
import { describeEd25519, describePrimitives } from "./crypto/known-answers.test-kit.ts";
import { computeVectors } from "./vectors.test-kit.ts";
import frozen from "./vectors.json" with { type: "json" };

/**
 * The same objects, byte for byte, on every platform and in every version (E4). A vector that changes is a new
 * protocol version: nobody's stored history would open.
 */
export function describeVectors<Key>(platform: string, subtle: SubtleEd25519<Key>): void {
  const chosen = (): Promise<Ed25519> => chooseEd25519(subtle);

  describe(`${platform}: known answers`, () => {
    describePrimitives();
    describeEd25519("as chosen", chosen);
  });

  describe(`${platform}: frozen vectors`, () => {
    test("E1, E3, K1, K2, K4, K5, K9, C1, C2, C7, F1, F2, I1, M1, M2, M5, M8, M10: with noble", async () => {
      expect(await computeVectors(nobleEd25519)).toEqual(frozen);
    });
    test("E2, E7: with the platform's Ed25519, where it is strict", async () => {
      expect(await computeVectors(await chosen())).toEqual(frozen);
    });
  });
}

import { fromBase64url } from "../../../workers/protocol/bytes.ts";

/**
 * What a platform's Ed25519 must do before it is used (E7): this signature, made by `seed` over `bytes` under
 * `sign-envelope`, and none of the others, which a cofactored or lenient verifier takes.
 */
export const STRICTNESS = {
  seed: new Uint8Array(32).fill(7),
  bytes: new Uint8Array(32).fill(9),
  signature: fromBase64url(
    "eb3r7biKRK_mM_62FrfATJ4m7blhrE6jYKqafRxyEYWZ9KYYJM-DLG9JZQKPefhbkN6OG1jvWIIjnLvnAcPLBQ",
  ),
  refused: [
    // S + L
    fromBase64url(
      "eb3r7biKRK_mM_62FrfATJ4m7blhrE6jYKqafRxyEYWGyJx1PjKWhEXmXKVtc9dwkN6OG1jvWIIjnLvnAcPLFQ",
    ),
    // R of mixed order: holds only after multiplication by the cofactor
    fromBase64url(
      "HdlgspHFNRT-zhNB_A3NimSLOTTCxTNmb3N6ZU_x4b_BG7BIoirgMoGDjkD0He14-Nn9w11jtl5d-4hXdwxJDQ",
    ),
    // R of order 8
    fromBase64url(
      "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AVpw8UChZi14rnUI3RV8uYdfuZDoE9KEi4vk1uFN_onDg",
    ),
    // R a non-canonical encoding of the neutral element
    fromBase64url(
      "7v_______________________________________39e8jiMb1GU56GvgoSO8HP6yhGeErj8hrCBnXqzjTV0Aw",
    ),
  ],
} as const;

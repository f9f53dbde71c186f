import { lazily } from "../../../platform/lazily.ts";

/**
 * Public-key cryptography and what verifies by it. What is stored here was verified before (K8) and is sealed with
 * symmetric keys alone, so the first paint does not wait for this part, which is fetched beside it. A socket that is
 * open does, since nothing that it brings can be taken without. Throws PlatformError `offline` when it does not come.
 */
export const publicKeyPart = lazily(() => import("./public-key-part.ts"));

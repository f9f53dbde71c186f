import { lazily } from "./lazily.ts";

/**
 * Public-key cryptography and what verifies by it. What is stored here was verified before (K8) and is sealed with
 * symmetric keys alone, so a conversation is on screen before this part comes: it is fetched when the list is shown,
 * and a socket that is open by then waits for it, since nothing that it brings can be taken without.
 * Throws PlatformError `offline` when it does not come.
 */
export const publicKeyPart = lazily(() => import("./public-key-part.ts"));

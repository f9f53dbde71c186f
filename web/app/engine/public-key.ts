import { lazily } from "./lazily.ts";

/**
 * Public-key cryptography and what verifies by it. What is stored here was verified before (K8) and is sealed with
 * symmetric keys alone, so a conversation is on screen before this part is fetched; sockets wait for it, since
 * nothing that they bring can be taken without it. Throws PlatformError `offline` when it does not come.
 */
export const publicKeyPart = lazily(() => import("./public-key-part.ts"));

import { dropDevice } from "./carry-over.ts";
import type { Deps } from "../store/deps.ts";
import { createOnboarding } from "./onboarding.ts";
import { createSignIn } from "./sign-in.ts";

/** What a device needs once: making an account, accepting an invitation, signing in, starting anew. */
export const createEntrance = (before: Deps) => ({
  onboarding: createOnboarding(before),
  signIn: createSignIn(before),
  dropDevice: () => dropDevice(before.store),
});

import type { Deps } from "../store/deps.ts";
import type { IdentityRecord } from "../store/records.ts";
import { goOn } from "./go-on.ts";
import { createOnboarding } from "./onboarding.ts";
import { createSignIn } from "./sign-in.ts";

/** What a device needs once: making an account, accepting an invitation, signing in, going on with one of these. */
export const createEntrance = (before: Deps) => ({
  onboarding: createOnboarding(before),
  signIn: createSignIn(before),
  goOn: (record: IdentityRecord) => goOn(before, record),
});

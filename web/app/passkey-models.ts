import {
  createPasskey,
  forgetUnknownPasskey,
  getPasskey,
  passkeysSupported,
} from "../platform/page/passkey.ts";
import { PlatformError } from "../platform/problem.ts";
import type { EnginePort } from "./engine-port.ts";
import type { Models, OnboardingModel, Outcome, SignInModel } from "./models.ts";
import type { PasskeyCreation } from "./view.ts";

/** A WebAuthn ceremony as an outcome; its failures are the person's or the browser's, never thrown. */
async function ceremony<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const problem = error instanceof PlatformError ? error.failure : "passkey_unsupported";
    return { ok: false, problem };
  }
}

/** The models that need a gesture on the page: WebAuthn exists there only, everything else in the engine. */
export function createPasskeyModels(
  engine: EnginePort,
): Pick<Models, "passkeys" | "onboarding" | "signIn"> {
  let creation: PasskeyCreation | null = null;
  let credentialId: string | null = null;

  const onboarding: OnboardingModel = {
    open: (link) => engine.ask("openLink", link),
    prepare: (input) => engine.ask("prepareAccount", input),
    async createPasskey() {
      const asked = await engine.ask("passkeyCreation", undefined);
      if (!asked.ok) return asked;
      const options = asked.value;
      creation = options;
      const made = await ceremony(() => createPasskey(options));
      if (!made.ok) return made;
      credentialId = made.value.credential.id;
      return engine.ask("passkeyCreated", made.value);
    },
    async confirmPasskey() {
      if (!creation || !credentialId) return { ok: false, problem: "bad_request" };
      const options = { ...creation, allow: credentialId };
      const confirmed = await ceremony(() => getPasskey(options));
      if (!confirmed.ok) return confirmed;
      return engine.ask("passkeyConfirmed", { prf: confirmed.value.prf });
    },
    finish: () => engine.ask("finishAccount", undefined),
    joinSignedIn: () => engine.ask("joinSignedIn", undefined),
  };

  const signIn: SignInModel = {
    async withPasskey() {
      const asked = await engine.ask("passkeyChallenge", undefined);
      if (!asked.ok) return asked;
      const options = asked.value;
      const got = await ceremony(() => getPasskey(options));
      if (!got.ok) return got;
      const outcome = await engine.ask("signInPasskey", got.value);
      if (!outcome.ok && outcome.problem === "passkey_unknown") {
        void forgetUnknownPasskey(options.rpId, got.value.credential.id);
      }
      return outcome;
    },
    withCode: (code) => engine.ask("signInCode", code),
    signOut: () => engine.ask("signOut", undefined),
  };

  return { passkeys: passkeysSupported(), onboarding, signIn };
}

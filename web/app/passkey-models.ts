import { passkeysSupported } from "../platform/page/passkeys-supported.ts";
import { PlatformError } from "../platform/problem.ts";
import { lazily } from "../platform/lazily.ts";
import type { EnginePort } from "./engine-port.ts";
import type { Models, OnboardingModel, Outcome, SignInModel } from "./models.ts";
import type { PasskeyCreation } from "./view.ts";

type Dialogs = typeof import("../platform/page/passkey.ts");

/** Who is signed in needs none of it: it is fetched beside the challenge, which a dialog has to wait for anyway. */
const dialogs = lazily<Dialogs>(() => import("../platform/page/passkey.ts"));

/** A WebAuthn ceremony as an outcome; its failures are the person's or the browser's, never thrown. */
async function ceremony<T>(work: (dialogs: Dialogs) => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work(await dialogs()) };
  } catch (error) {
    const problem = error instanceof PlatformError ? error.failure : "passkey_unsupported";
    return { ok: false, problem };
  }
}

/** Begins to fetch them; that they did not come is said by the ceremony. */
const fetchDialogs = (): void => void dialogs().catch(() => undefined);

/** The models that need a gesture on the page: WebAuthn exists there only, everything else in the engine. */
export function createPasskeyModels(
  engine: EnginePort,
): Pick<Models, "passkeys" | "onboarding" | "signIn"> {
  let creation: PasskeyCreation | null = null;
  let credentialId: string | null = null;

  /** K10: what was given up on the way; its manager would offer it for ever. */
  const forgetAbandoned = async (): Promise<void> => {
    const asked = await engine.ask("abandonedPasskey", undefined);
    if (!asked.ok || !asked.value) return;
    const { rpId, credential } = asked.value;
    await ceremony(({ forgetUnknownPasskey }) => forgetUnknownPasskey(rpId, credential));
  };

  const onboarding: OnboardingModel = {
    async open(link) {
      const opened = await engine.ask("openLink", link);
      void forgetAbandoned();
      return opened;
    },
    prepare: (input) => engine.ask("prepareAccount", input),
    async createPasskey() {
      fetchDialogs();
      const asked = await engine.ask("passkeyCreation", undefined);
      if (!asked.ok) return asked;
      const options = asked.value;
      creation = options;
      const made = await ceremony(({ createPasskey }) => createPasskey(options));
      if (!made.ok) return made;
      credentialId = made.value.credential.id;
      return engine.ask("passkeyCreated", made.value);
    },
    async confirmPasskey() {
      fetchDialogs();
      // After a reload it is the engine that knows which passkey it was.
      const asked = creation ? null : await engine.ask("passkeyCreation", undefined);
      if (asked && !asked.ok) return asked;
      creation ??= asked?.value ?? null;
      const allow = credentialId ?? creation?.credential;
      if (!creation || !allow) return { ok: false, problem: "bad_request" };
      const options = { ...creation, allow };
      const confirmed = await ceremony(({ getPasskey }) => getPasskey(options));
      if (!confirmed.ok) return confirmed;
      return engine.ask("passkeyConfirmed", { prf: confirmed.value.prf });
    },
    withoutPasskey: () => engine.ask("withoutPasskey", undefined),
    async finish() {
      const done = await engine.ask("finishAccount", undefined);
      void forgetAbandoned();
      return done;
    },
    joinSignedIn: () => engine.ask("joinSignedIn", undefined),
  };

  const signIn: SignInModel = {
    async withPasskey() {
      fetchDialogs();
      const asked = await engine.ask("passkeyChallenge", undefined);
      if (!asked.ok) return asked;
      const options = asked.value;
      const got = await ceremony(({ getPasskey }) => getPasskey(options));
      if (!got.ok) return got;
      const outcome = await engine.ask("signInPasskey", got.value);
      if (!outcome.ok && outcome.problem === "passkey_unknown") {
        const { id } = got.value.credential;
        void ceremony(({ forgetUnknownPasskey }) => forgetUnknownPasskey(options.rpId, id));
      }
      return outcome;
    },
    withCode: (code) => engine.ask("signInCode", code),
    signOut: () => engine.ask("signOut", undefined),
  };

  return { passkeys: passkeysSupported(), onboarding, signIn };
}

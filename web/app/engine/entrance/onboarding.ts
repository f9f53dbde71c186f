import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { Attestation } from "../../../../workers/protocol/http/accounts.ts";
import type { AccountRole } from "../../../../workers/protocol/http/endpoint.ts";
import { accountIdText, inviteIdText } from "../../../../workers/protocol/ids.ts";
import {
  type NewAccount,
  accountIdOfSeed,
  newAccount,
  newAccountSeed,
} from "../../../core/account/manifest.ts";
import { formatRecoveryCode, newRecoverySecret } from "../../../core/crypto/recovery-code.ts";
import {
  type Enrolment,
  PRF_SALT,
  beginEnrolment,
  enrolmentStep,
} from "../../../core/crypto/unlock.ts";
import { inviteKeys, signClaim } from "../../../core/invitation/keys.ts";
import { type InviteLink, decodeLink } from "../../../core/invitation/link.ts";
import type { LinkState, Me, PasskeyCreation, PreparedAccount } from "../../view.ts";
import { beginDevice } from "./carry-over.ts";
import type { Deps } from "../store/deps.ts";
import { type Identity, identityRecordOf, restoreIdentity } from "../account/identity.ts";
import { CommandProblem } from "../store/problem-of.ts";
import { JOIN_KEY, type JoinRecord, joinRecord } from "../store/records.ts";
import { bindSession } from "../account/session.ts";

type EntranceLink = { readonly kind: "setup"; readonly token: string } | InviteLink;

/** One account that is being made (K10). The account seed lives here and nowhere else (K8). */
interface AccountInMaking {
  readonly name: string;
  readonly notice: string;
  readonly accountSeed: Uint8Array;
  readonly recoverySecret: Uint8Array;
  passkey: Attestation | null;
  enrolment: Enrolment;
  /** made once: a repeated attempt posts the same account */
  made: NewAccount | null;
}

/** What comes out: the identity is stored and its session bound. */
export interface Created {
  readonly identity: Identity;
  readonly account: NewAccount;
  readonly join: JoinRecord | null;
}

export interface Onboarding {
  open(link: string, signedIn: Me | null): Promise<LinkState>;
  prepare(input: { name: string; notice: string }): PreparedAccount;
  passkeyCreation(): Promise<PasskeyCreation>;
  passkeyCreated(credential: Attestation, prf: Uint8Array | null): { confirm: boolean };
  passkeyConfirmed(prf: Uint8Array | null): { again: boolean };
  finish(): Promise<Created>;
  /** the patient invitation that was opened, for an account that exists */
  invitation(): JoinRecord;
}

const roleOf = (link: EntranceLink): AccountRole =>
  link.kind === "setup" ? "administrator" : link.kind;

function parseLink(text: string): EntranceLink {
  const url = new URL(text);
  const fragment = url.hash.replace(/^#/, "");
  if (!fragment) throw new CommandProblem("bad_link");
  return url.pathname === "/setup" ? { kind: "setup", token: fragment } : decodeLink(fragment);
}

export function createOnboarding(deps: Deps): Onboarding {
  const { api, store, suite } = deps;
  let link: EntranceLink | null = null;
  let inviter = "";
  let making: AccountInMaking | null = null;

  const current = (): { link: EntranceLink; making: AccountInMaking } => {
    if (!link || !making) throw new CommandProblem("bad_link");
    return { link, making };
  };

  const joinOf = (opened: EntranceLink): JoinRecord | null =>
    opened.kind === "patient"
      ? { secret: opened.secret, inviter: opened.inviter, title: inviter }
      : null;

  const make = async (to: AccountInMaking): Promise<NewAccount> => {
    to.made ??= await newAccount(suite, {
      accountSeed: to.accountSeed,
      recoverySecret: to.recoverySecret,
      prfUnlock: to.enrolment.state === "enrolled" ? to.enrolment.unlock : null,
      now: deps.now(),
    });
    return to.made;
  };

  const post = async (
    opened: EntranceLink,
    from: AccountInMaking,
    account: NewAccount,
  ): Promise<void> => {
    const keys = opened.kind === "setup" ? null : inviteKeys(opened.secret);
    const claim =
      opened.kind === "setup" || !keys
        ? { kind: "setup" as const, token: opened.kind === "setup" ? opened.token : "" }
        : {
            kind: "invitation" as const,
            invite: inviteIdText(keys.id),
            signature: toBase64url(await signClaim(suite, keys, account.account)),
          };
    await api.call("createAccount", {
      body: {
        claim,
        passkey: from.passkey,
        manifestCbor: toBase64url(encodeCbor(account.prepared.signed)),
        sealsCbor: toBase64url(account.prepared.seals),
        recovery: {
          id: toBase64url(account.recovery.id),
          authHash: toBase64url(account.recovery.authHash),
        },
        publicName: opened.kind === "patient" ? null : from.name,
        consent: { notice: from.notice },
      },
    });
  };

  return {
    async open(text, signedIn) {
      const opened = parseLink(text);
      link = opened;
      making = null;
      if (opened.kind === "setup") {
        const { needed } = await api.call("setup");
        inviter = "";
        return needed
          ? {
              kind: "setup",
              state: "open",
              inviter: null,
              suggestedName: "",
              expiresAt: null,
              signedIn,
            }
          : { kind: "setup", state: "used", inviter: null };
      }
      const invite = inviteIdText(inviteKeys(opened.secret).id);
      const view = await api.call("invitation", { params: { invite } });
      if (view.role !== opened.kind) throw new CommandProblem("bad_link");
      inviter = view.inviter.publicName ?? "";
      const { kind } = opened;
      if (view.state !== "open") return { kind, state: view.state, inviter: inviter || null };
      return {
        kind,
        state: "open",
        inviter: inviter || null,
        suggestedName: opened.kind === "practitioner" ? opened.name : "",
        expiresAt: view.expiresAt,
        signedIn,
      };
    },
    prepare({ name, notice }) {
      if (!link) throw new CommandProblem("bad_link");
      // Going back and forth must not change the code that was perhaps stored already.
      const accountSeed = making?.accountSeed ?? newAccountSeed(suite.random);
      const recoverySecret = making?.recoverySecret ?? newRecoverySecret(suite.random);
      const enrolment: Enrolment = { state: "no-prf" };
      making = { name, notice, accountSeed, recoverySecret, passkey: null, enrolment, made: null };
      return { recoveryCode: formatRecoveryCode(recoverySecret) };
    },
    async passkeyCreation() {
      const { making: to } = current();
      const { challenge, rpId } = await api.call("challenge", { body: { purpose: "register" } });
      const userId = accountIdText(accountIdOfSeed(to.accountSeed));
      return { challenge, rpId, userId, userName: to.name, salt: PRF_SALT };
    },
    passkeyCreated(credential, prf) {
      const { making: to } = current();
      to.passkey = credential;
      to.enrolment = beginEnrolment(suite.random, accountIdOfSeed(to.accountSeed), prf);
      return { confirm: true };
    },
    passkeyConfirmed(prf) {
      const { making: to } = current();
      const account = accountIdOfSeed(to.accountSeed);
      to.enrolment = enrolmentStep(suite.random, account, to.enrolment, prf);
      return { again: to.enrolment.state === "again" };
    },
    async finish() {
      const { link: opened, making: from } = current();
      const account = await make(from);
      const { device, prepared } = account;
      const role = roleOf(opened);
      const about = { role, name: from.name, bound: false };
      const record = identityRecordOf(account.account, device, prepared.userKeys, about);
      const join = joinOf(opened);
      // A1, A3: before anything is sent, so that a crash after the answer finds the keys and the invitation.
      await beginDevice(store, record, prepared);
      if (join)
        await store.write(["state"], (writer) => writer.put("state", JOIN_KEY, joinRecord, join));
      const identity = restoreIdentity(suite, record);
      try {
        await post(opened, from, account);
      } catch (error) {
        // An attempt whose answer was lost may have made the account: only its device can bind.
        if (!(error instanceof ProtocolError) || !(await boundAlready(identity))) throw error;
        forget();
        return { identity, account, join };
      }
      await bindSession(api, identity);
      forget();
      return { identity, account, join };
    },
    invitation() {
      const join = link && joinOf(link);
      if (!join) throw new CommandProblem("bad_link");
      return join;
    },
  };

  /** K8: account seed, recovery secret and the link's secret live until the account is made, and no longer. */
  function forget(): void {
    making = null;
    link = null;
  }

  async function boundAlready(identity: Identity): Promise<boolean> {
    try {
      await bindSession(api, identity);
      return true;
    } catch {
      return false;
    }
  }
}

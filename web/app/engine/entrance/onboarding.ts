import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { Attestation } from "../../../../workers/protocol/http/accounts.ts";
import { type InviteId, accountIdText, inviteIdText } from "../../../../workers/protocol/ids.ts";
import {
  type NewAccount,
  accountIdOfSeed,
  newAccount,
  newAccountSeed,
} from "../../../core/account/manifest.ts";
import { formatRecoveryCode, newRecoverySecret } from "../../../core/crypto/recovery-code.ts";
import { PRF_SALT, beginEnrolment, enrolmentStep } from "../../../core/crypto/unlock.ts";
import { inviteKeys } from "../../../core/invitation/keys.ts";
import type {
  AbandonedPasskey,
  LinkState,
  Me,
  PasskeyCreation,
  PreparedAccount,
  Resumed,
} from "../../view.ts";
import { beginDevice } from "./carry-over.ts";
import type { Deps } from "../store/deps.ts";
import { type Identity, identityRecordOf, restoreIdentity } from "../account/identity.ts";
import { CommandProblem } from "../store/problem-of.ts";
import { JOIN_KEY, type JoinRecord, joinRecord } from "../store/records.ts";
import { bindSession } from "../account/session.ts";
import {
  type EntranceDraft,
  type EntranceLink,
  dropDraft,
  keepDraft,
  keepDraftIn,
  readDraft,
} from "./entrance-draft.ts";
import { claimOf, isSameLink, parseLink, roleOf } from "./entrance-link.ts";

/** What comes out: the identity is stored and its session bound. */
export interface Created {
  readonly identity: Identity;
  readonly account: NewAccount;
  readonly join: JoinRecord | null;
}

export interface Onboarding {
  /** `text` null: the address has no link any more; the draft of this device goes on where it was (K10) */
  open(text: string | null, signedIn: Me | null): Promise<LinkState>;
  prepare(input: { name: string; notice: string; passkey: boolean }): Promise<PreparedAccount>;
  passkeyCreation(): Promise<PasskeyCreation>;
  passkeyCreated(credential: Attestation, prf: Uint8Array | null): Promise<{ confirm: boolean }>;
  passkeyConfirmed(prf: Uint8Array | null): Promise<{ again: boolean }>;
  /** on to the recovery code, with what of the passkey there is */
  withoutPasskey(): Promise<void>;
  finish(): Promise<Created>;
  /** the patient invitation that was opened, for an account that exists */
  invitation(): JoinRecord;
  /** whose invitation was opened; null: nobody's */
  inviter(): Uint8Array | null;
  /** K10: a passkey whose draft was given up, once: its manager is told to forget it */
  abandoned(): AbandonedPasskey | null;
}

export function createOnboarding(deps: Deps): Onboarding {
  const { api, store, suite } = deps;
  let link: EntranceLink | null = null;
  let inviter = "";
  let draft: EntranceDraft | null = null;
  /** made once: a repeated attempt posts the same account */
  let made: NewAccount | null = null;
  let abandoned: AbandonedPasskey | null = null;

  const current = (): EntranceDraft => {
    if (!draft) throw new CommandProblem("bad_link");
    return draft;
  };

  /** Every step is on the device before it is shown. */
  const keep = async (next: EntranceDraft): Promise<EntranceDraft> => {
    await keepDraft(store, next);
    draft = next;
    made = null;
    return next;
  };

  const giveUp = async ({ passkey }: EntranceDraft): Promise<void> => {
    await dropDraft(store);
    if (passkey) abandoned = { rpId: passkey.rpId, credential: passkey.credential };
  };

  /** The link to go on with: that of the address, or that of the draft, which is let go if it is of another. */
  const linkFor = async (text: string | null): Promise<EntranceLink> => {
    const found = await readDraft(store, deps.now());
    const opened = text === null ? null : parseLink(text);
    draft = null;
    made = null;
    const isSame = found && !found.isOver && (!opened || isSameLink(found.draft.link, opened));
    if (found && !isSame) await giveUp(found.draft);
    if (isSame) draft = found.draft;
    const use = opened ?? (isSame ? found.draft.link : null);
    if (!use) throw new CommandProblem("bad_link");
    return use;
  };

  const resumed = (): Resumed | null =>
    draft && {
      step: draft.step,
      name: draft.name,
      recoveryCode: formatRecoveryCode(draft.recoverySecret),
    };

  /** null: the server has forgotten it, as it does with what was used long ago. */
  const invitationView = async (invite: InviteId) => {
    try {
      return await api.call("invitation", { params: { invite } });
    } catch (error) {
      if (error instanceof ProtocolError && error.code === "not_found") return null;
      throw error;
    }
  };

  const joinOf = (opened: EntranceLink): JoinRecord | null =>
    opened.kind === "patient"
      ? { secret: opened.secret, inviter: opened.inviter, title: inviter }
      : null;

  const make = async (from: EntranceDraft): Promise<NewAccount> => {
    made ??= await newAccount(suite, {
      accountSeed: from.accountSeed,
      recoverySecret: from.recoverySecret,
      prfUnlock: from.enrolment.state === "enrolled" ? from.enrolment.unlock : null,
      now: deps.now(),
    });
    return made;
  };

  const post = async (from: EntranceDraft, account: NewAccount): Promise<void> => {
    const { link: opened, passkey } = from;
    await api.call("createAccount", {
      body: {
        claim: await claimOf(suite, opened, account.account),
        passkey: passkey && {
          credential: passkey.credential,
          secret: toBase64url(passkey.secret),
        },
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
      const opened = await linkFor(text);
      link = opened;
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
              resumed: resumed(),
            }
          : { kind: "setup", state: "used", inviter: null, own: null };
      }
      const invite = inviteIdText(inviteKeys(opened.secret).id);
      const view = await invitationView(invite);
      if (!view) return { kind: opened.kind, state: "used", inviter: null, own: null };
      if (view.role !== opened.kind) throw new CommandProblem("bad_link");
      inviter = view.inviter.publicName ?? "";
      const { kind } = opened;
      if (view.state !== "open") {
        return { kind, state: view.state, inviter: inviter || null, own: null };
      }
      return {
        kind,
        state: "open",
        inviter: inviter || null,
        suggestedName: opened.kind === "practitioner" ? opened.name : "",
        expiresAt: view.expiresAt,
        signedIn,
        resumed: resumed(),
      };
    },
    async prepare({ name, notice, passkey }) {
      if (!link) throw new CommandProblem("bad_link");
      // Going back and forth must not change the code that was perhaps stored already, nor whose passkey it is.
      const kept = await keep({
        link,
        name,
        notice,
        accountSeed: draft?.accountSeed ?? newAccountSeed(suite.random),
        recoverySecret: draft?.recoverySecret ?? newRecoverySecret(suite.random),
        step: passkey ? (draft?.passkey ? "confirm" : "passkey") : "code",
        passkey: draft?.passkey ?? null,
        enrolment: draft?.enrolment ?? { state: "no-prf" },
        begunAt: draft?.begunAt ?? deps.now(),
      });
      return { recoveryCode: formatRecoveryCode(kept.recoverySecret), step: kept.step };
    },
    async passkeyCreation() {
      const { accountSeed, name, passkey } = current();
      const { challenge, rpId } = await api.call("challenge", { body: { purpose: "register" } });
      const userId = accountIdText(accountIdOfSeed(accountSeed));
      const credential = passkey?.credential ?? null;
      return { challenge, rpId, userId, userName: name, salt: PRF_SALT, credential };
    },
    async passkeyCreated(credential, prf) {
      const from = current();
      const account = accountIdOfSeed(from.accountSeed);
      const secret = suite.random.bytes(32);
      const { rpId } = await api.call("parkPasskey", {
        body: {
          claim: await claimOf(suite, from.link, account),
          account: accountIdText(account),
          passkey: credential,
          secret: toBase64url(secret),
        },
      });
      await keep({
        ...from,
        step: "confirm",
        passkey: { credential: credential.id, secret, rpId },
        enrolment: beginEnrolment(suite.random, account, prf),
      });
      return { confirm: true };
    },
    async passkeyConfirmed(prf) {
      const from = current();
      const account = accountIdOfSeed(from.accountSeed);
      const enrolment = enrolmentStep(suite.random, account, from.enrolment, prf);
      const again = enrolment.state === "again";
      await keep({ ...from, enrolment, step: again ? "confirm" : "code" });
      return { again };
    },
    async withoutPasskey() {
      await keep({ ...current(), step: "code" });
    },
    inviter: () => (link && link.kind !== "setup" ? link.inviter : null),
    abandoned() {
      const told = abandoned;
      abandoned = null;
      return told;
    },
    async finish() {
      const from = current();
      const opened = from.link;
      const account = await make(from);
      const { device, prepared } = account;
      const role = roleOf(opened);
      const about = { role, name: from.name, bound: false };
      const record = identityRecordOf(account.account, device, prepared.userKeys, about);
      const join = joinOf(opened);
      // A1, A3: before anything is sent, so that a crash after the answer finds the keys and the invitation.
      await beginDevice(store, record, prepared, async (writer) => {
        await keepDraftIn(writer, from);
        if (join) await writer.put("state", JOIN_KEY, joinRecord, join);
      });
      const identity = restoreIdentity(suite, record);
      try {
        await post(from, account);
      } catch (error) {
        // An attempt whose answer was lost may have made the account: only its device can bind.
        if (!(error instanceof ProtocolError) || !(await boundAlready(identity))) {
          await begunAnew(from, error);
          throw error;
        }
        await forget();
        return { identity, account, join };
      }
      await bindSession(api, identity);
      await forget();
      return { identity, account, join };
    },
    invitation() {
      const join = link && joinOf(link);
      if (!join) throw new CommandProblem("bad_link");
      return join;
    },
  };

  /** K8: account seed, recovery secret and the link's secret live until the account is made, and no longer. */
  async function forget(): Promise<void> {
    await dropDraft(store);
    draft = null;
    made = null;
    link = null;
  }

  /** A passkey that the server does not have any more cannot be offered again: another one, or none, may be. */
  async function begunAnew(from: EntranceDraft, error: unknown): Promise<void> {
    const isRefused = error instanceof ProtocolError && error.code === "passkey_refused";
    if (!isRefused || !from.passkey) return;
    abandoned = { rpId: from.passkey.rpId, credential: from.passkey.credential };
    await keep({ ...from, passkey: null, enrolment: { state: "no-prf" }, step: "passkey" });
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

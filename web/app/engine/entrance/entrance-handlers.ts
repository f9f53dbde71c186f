import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { SignedManifest } from "../../../../workers/protocol/manifest.ts";
import type { LinkState, Me } from "../../view.ts";
import type { CommandHandlers } from "../../rpc.ts";
import type { createEntrance } from "./entrance.ts";
import type { Identity } from "../account/identity.ts";
import type { Onboarding } from "./onboarding.ts";
import type { PrivateRecords } from "../private/private-records.ts";
import type { SignedIn } from "./sign-in.ts";
import { CommandProblem } from "../store/problem-of.ts";
import { JOIN_KEY, type JoinRecord, joinRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";

/** A signed chain of manifests that was verified, as the directory takes it. */
export type ManifestChain = readonly SignedManifest[];

/** Who has come in, and what is kept for them. */
export interface EnteredDevice {
  readonly me: Pick<Identity, "role">;
  readonly privateRecords: Pick<PrivateRecords, "put">;
}

interface Surroundings<Opened extends EnteredDevice> {
  readonly store: Store;
  readonly entrance: () => Promise<ReturnType<typeof createEntrance>>;
  /** Remembers who this device is from now on, and sets this device to work. */
  readonly entered: (as: Identity, chain: ManifestChain) => Promise<Opened>;
  /** K2: another device was signed out for it. */
  readonly madeRoom: () => void;
  readonly join: (device: Opened, record: JoinRecord) => Promise<ConversationId>;
  readonly working: () => Opened;
  /** the conversation that this account is in and this other one owns */
  readonly conversationOf: (device: Opened, owner: Uint8Array) => Promise<ConversationId | null>;
  readonly me: () => Me | null;
}

type Names =
  | "openLink"
  | "abandonedPasskey"
  | "withoutPasskey"
  | "prepareAccount"
  | "passkeyCreation"
  | "passkeyCreated"
  | "passkeyConfirmed"
  | "finishAccount"
  | "joinSignedIn"
  | "passkeyChallenge"
  | "signInPasskey"
  | "signInCode";

/** How somebody comes in: by an invitation, a passkey or the recovery code. */
export function entranceHandlers<Opened extends EnteredDevice>({
  store,
  entrance,
  entered,
  madeRoom,
  join,
  working,
  conversationOf,
  me,
}: Surroundings<Opened>): Pick<CommandHandlers, Names> {
  const comeIn = async (signedIn: SignedIn): Promise<void> => {
    await entered(signedIn.identity, signedIn.chain);
    if (signedIn.madeRoom) madeRoom();
  };
  /** The link is the one address that many people keep: who used it comes back by it. */
  const ownUse = async (
    { kind }: LinkState,
    onboarding: Onboarding,
  ): Promise<{ conversation: ConversationId | null } | null> => {
    const role = me()?.role;
    if (role === undefined) return null;
    if (kind !== "patient") {
      return role === (kind === "setup" ? "administrator" : kind) ? { conversation: null } : null;
    }
    const inviter = role === "patient" ? onboarding.inviter() : null;
    const conversation = inviter && (await conversationOf(working(), inviter));
    return conversation ? { conversation } : null;
  };

  return {
    async openLink(link) {
      const { onboarding } = await entrance();
      const opened = await onboarding.open(link, me());
      return opened.state === "used"
        ? { ...opened, own: await ownUse(opened, onboarding) }
        : opened;
    },
    prepareAccount: async (input) => (await entrance()).onboarding.prepare(input),
    abandonedPasskey: async () => (await entrance()).onboarding.abandoned(),
    async withoutPasskey() {
      await (await entrance()).onboarding.withoutPasskey();
      return null;
    },
    passkeyCreation: async () => (await entrance()).onboarding.passkeyCreation(),
    async passkeyCreated({ credential, prf }) {
      return (await entrance()).onboarding.passkeyCreated(credential, prf);
    },
    async passkeyConfirmed({ prf }) {
      return (await entrance()).onboarding.passkeyConfirmed(prf);
    },
    async finishAccount() {
      const created = await (await entrance()).onboarding.finish();
      const device = await entered(created.identity, [created.account.prepared.signed]);
      await device.privateRecords.put({ kind: "profile", name: created.identity.name });
      return { conversation: created.join && (await join(device, created.join)) };
    },
    async joinSignedIn() {
      const device = working();
      if (device.me.role !== "patient") throw new CommandProblem("wrong_role");
      const record = (await entrance()).onboarding.invitation();
      await store.write(["state"], (writer) => writer.put("state", JOIN_KEY, joinRecord, record));
      return { conversation: await join(device, record) };
    },
    passkeyChallenge: async () => (await entrance()).signIn.challenge(),
    async signInPasskey({ credential, prf }) {
      const signedIn = await (await entrance()).signIn.withPasskey(credential, prf);
      if (!signedIn) return { next: "code" };
      await comeIn(signedIn);
      return { next: "ready" };
    },
    async signInCode(code) {
      await comeIn(await (await entrance()).signIn.withCode(code));
      return null;
    },
  };
}

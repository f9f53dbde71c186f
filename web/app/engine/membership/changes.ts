import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import {
  type ConversationId,
  accountIdText,
  conversationIdText,
  idBytes,
} from "../../../../workers/protocol/ids.ts";
import { headOf } from "../../../core/account/history.ts";
import type { Author, BuiltBundle } from "../../../core/conversation/build.ts";
import {
  type NewestManifest,
  acceptBuilt,
  createConversation,
  inviteToConversation,
  withdrawInvitation,
} from "../../../core/conversation/changes.ts";
import type { Conversation } from "../../../core/conversation/state.ts";
import { inviteOf } from "../../../../workers/protocol/bundle-entries.ts";
import { CoreError } from "../../../core/errors.ts";
import {
  type InviteKeys,
  inviteKeys,
  newInviteSecret,
  pendingEntry,
} from "../../../core/invitation/keys.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { authorOf } from "../account/author.ts";
import type { CatchUp } from "../log/catch-up.ts";
import type { Deps } from "../store/deps.ts";
import type { Directory } from "../account/directory.ts";
import type { Identity } from "../account/identity.ts";
import { patientLink } from "./invitation-links.ts";
import type { Library } from "../conversation/library.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept } from "../conversation/keep.ts";
import { conversationCreated } from "../conversation/kept.ts";
import { invitationClosed, invitationOpened } from "../conversation/membership-transitions.ts";
import { messageRecord } from "../store/records.ts";
import type { PrivateRecords } from "../private/private-records.ts";
import { changeConversation } from "./change-conversation.ts";

/** What the owner of a conversation may change (C4). */
export interface Changes {
  /** A conversation with one open invitation; the link is safe in private state before it exists (A3). */
  create(label: string): Promise<{ conversation: ConversationId; link: string }>;
  inviteAgain(id: ConversationId): Promise<{ link: string }>;
  withdraw(id: ConversationId): Promise<void>;
  /** I4: the same for an invitation that is over; nothing where there is none. */
  withdrawExpired(id: ConversationId): Promise<void>;
}

export interface ChangeContext {
  readonly deps: Deps;
  readonly me: Identity;
  readonly directory: Directory;
  readonly library: Library;
  readonly catchUp: CatchUp;
  readonly privateRecords: PrivateRecords;
  readonly origin: string;
  readonly changed: (id: ConversationId) => void;
}

export const newestOf =
  (directory: Directory): NewestManifest =>
  (account) => {
    const history = directory.historyOf(account);
    return history && headOf(history);
  };

/** Loads the manifests of everybody in the roster, asking the server for those not held. */
export async function loadRoster(
  directory: Directory,
  id: ConversationId,
  state: Conversation,
  self: Uint8Array,
): Promise<void> {
  for (const { account, manifest } of state.bundles.at(-1)?.core.roster ?? []) {
    if (accountIdText(account) === accountIdText(self)) continue;
    const held = await directory.load(account);
    if (!held || headOf(held).core.version < manifest.version) await directory.fetch(account, id);
  }
}

export function createChanges(context: ChangeContext): Changes {
  const { deps, me, directory, library, catchUp, privateRecords, changed } = context;

  const link = (secret: Uint8Array): string => patientLink(context.origin, me.account, secret);

  const remember = async (
    id: ConversationId,
    label: string,
    secret: Uint8Array | null,
    expiry: number,
  ) => {
    const conversation = idBytes(id);
    const held = privateRecords.find(
      "conversation",
      (r) => conversationIdText(r.conversation) === id,
    );
    const invite = secret && { id: inviteKeys(secret).id, secret, expiresAt: expiry };
    const createdAt = held?.createdAt ?? deps.now();
    await privateRecords.put({
      kind: "conversation",
      conversation,
      label,
      invite,
      inviter: held?.inviter ?? null,
      createdAt,
    });
    return invite;
  };

  const change = (
    id: ConversationId,
    build: (author: Author, state: Conversation) => Promise<BuiltBundle>,
  ) =>
    changeConversation(
      deps,
      id,
      async () => {
        await catchUp.newer(id);
        const { conversation } = await library.chain(id);
        if (!conversation) throw new CoreError("bundle_gap", "no bundle");
        await loadRoster(directory, id, conversation, me.account);
        return conversation;
      },
      async (state) => build(await authorOf(me, directory), state),
    );

  const newInvitation = (): { secret: Uint8Array; keys: InviteKeys; expiry: number } => {
    const secret = newInviteSecret(deps.suite.random);
    const keys = inviteKeys(secret);
    return { secret, keys, expiry: pendingEntry(keys, deps.now()).expiry };
  };

  return {
    async create(label) {
      const { secret, keys } = newInvitation();
      const entry = pendingEntry(keys, deps.now());
      const author = await authorOf(me, directory);
      const built = await createConversation(deps.suite, author, [entry], deps.now());
      const id = conversationIdText(built.checked.core.conversation);
      // A3: whoever loses this device now still has label and link on the next one.
      await remember(id, label, secret, entry.expiry);
      const { seq, at } = await deps.api.call("createConversation", {
        body: { bundleCbor: toBase64url(encodeCbor(built.upload)) },
      });
      const chain = { conversation: acceptBuilt(null, built), seqs: [seq] };
      const stores = [...CONVERSATION_STORES, "bundles", "messages"] as const;
      await deps.store.write(stores, async (writer) => {
        await writer.put("messages", [id, seq], messageRecord, {
          type: "bundle",
          at,
          n: 0,
          change: "create",
          account: me.account,
        });
        await library.writeChain(writer, id, chain, EMPTY_CHAIN);
        const about = { title: label, owner: me.account, createdAt: at };
        const invitation = { secret, invite: keys.id, expiry: entry.expiry };
        await beginKeptIn(writer, id, conversationCreated(about, seq, invitation));
      });
      library.keep(id, chain);
      changed(id);
      return { conversation: id, link: link(secret) };
    },
    async inviteAgain(id) {
      const record = await library.record(id);
      if (!record) throw new ProtocolError("not_found");
      const { secret, keys, expiry } = newInvitation();
      const entry = { ...pendingEntry(keys, deps.now()), expiry };
      await remember(id, record.title, secret, expiry);
      if (record.invitation) {
        const { invite } = record.invitation;
        const { conversation } = await library.chain(id);
        const pending = conversation?.bundles.at(-1)?.core.pending ?? [];
        if (pending.length > 0) await withdrawIt(id, invite);
      }
      await change(id, (author, state) =>
        inviteToConversation(deps.suite, author, state, newestOf(directory), entry, deps.now()),
      );
      const invitation = { secret, invite: keys.id, expiry };
      await changeKept(deps.store, id, (kept) => invitationOpened(kept, invitation));
      changed(id);
      await catchUp.newer(id);
      return { link: link(secret) };
    },
    async withdrawExpired(id) {
      const { conversation } = await library.chain(id);
      const head = conversation?.bundles.at(-1)?.core;
      const isOwner = head?.roster.some(
        ({ account, role }) => role === "owner" && equalBytes(account, me.account),
      );
      if (!head || !isOwner) return;
      const expired = head.pending.filter(({ expiry }) => expiry < deps.now());
      for (const entry of expired) await withdrawIt(id, inviteOf(entry));
      if (expired.length === 0) return;
      const record = await library.record(id);
      if (record) await remember(id, record.title, null, 0);
      await changeKept(deps.store, id, invitationClosed);
      changed(id);
      await catchUp.newer(id);
    },
    async withdraw(id) {
      const record = await library.record(id);
      if (!record?.invitation) throw new ProtocolError("not_found");
      await withdrawIt(id, record.invitation.invite);
      await remember(id, record.title, null, 0);
      await changeKept(deps.store, id, invitationClosed);
      changed(id);
      await catchUp.newer(id);
    },
  };

  async function withdrawIt(id: ConversationId, invite: Uint8Array): Promise<void> {
    await change(id, (author, state) =>
      withdrawInvitation(deps.suite, author, state, newestOf(directory), invite, deps.now()),
    );
  }
}

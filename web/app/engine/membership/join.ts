import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import {
  type ConversationId,
  idBytes,
  inviteIdText,
  parseConversationId,
} from "../../../../workers/protocol/ids.ts";
import { joinConversation } from "../../../core/conversation/changes.ts";
import type { Conversation } from "../../../core/conversation/state.ts";
import { CoreError } from "../../../core/errors.ts";
import { checkInvitation, checkKeys } from "../../../core/conversation/join-checks.ts";
import { type InviteKeys, inviteKeys, signClaim } from "../../../core/invitation/keys.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { authorOf } from "../account/author.ts";
import { fetchBundles } from "../wire/bundle-pages.ts";
import { changeConversation } from "./change-conversation.ts";
import { loadRoster, newestOf } from "./changes.ts";
import type { ChangeContext } from "./changes.ts";
import { CONVERSATION_STORES, beginKeptIn, openKeptIn } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import type { JoinRecord } from "../store/records.ts";
import { understand } from "../log/understand.ts";

/** I3, I6: the conversation as the invitation shows it, verified from bundle 0. */
async function readAsInvited(
  context: ChangeContext,
  id: ConversationId,
  keys: InviteKeys,
): Promise<Conversation> {
  const { deps, directory } = context;
  const items = await fetchBundles(deps.api, id, 0);
  const reader = { kind: "invite" as const, id: keys.id, kem: keys.kem };
  const { chain, blocked } = await understand(
    { deps, directory, self: context.me.account, reader },
    id,
    EMPTY_CHAIN,
    items,
  );
  if (blocked) throw blocked;
  if (!chain.conversation) throw new CoreError("bundle_gap", "no bundle");
  checkKeys(chain.conversation, keys.id);
  return chain.conversation;
}

/**
 * I3, I5, A3: claims, verifies and joins. May be repeated after a crash anywhere; throws ProtocolError
 * `invitation_used` when it was this account, or another, that joined before. Resolves with the conversation.
 */
export async function joinByInvitation(
  context: ChangeContext,
  join: JoinRecord,
): Promise<ConversationId> {
  const { deps, me, directory, catchUp, privateRecords } = context;
  const keys = inviteKeys(join.secret);
  const signature = toBase64url(await signClaim(deps.suite, keys, me.account));
  const id = await claimed(context, keys, signature);
  const created = await keepRecord(context, id, join);
  await privateRecords.put({
    kind: "conversation",
    conversation: idBytes(id),
    label: join.title,
    invite: null,
    inviter: join.inviter,
    createdAt: created,
  });
  await changeConversation(
    deps,
    id,
    async () => {
      const state = await readAsInvited(context, id, keys);
      checkInvitation(state, join.inviter, keys);
      await loadRoster(directory, id, state, me.account);
      return state;
    },
    async (state) =>
      joinConversation(
        deps.suite,
        await authorOf(me, directory),
        state,
        newestOf(directory),
        keys,
        deps.now(),
      ),
  );
  await catchUp.tails([id]);
  return id;
}

/** I6: lets this account read the conversation until it joins. */
async function claimed(
  { deps }: ChangeContext,
  keys: InviteKeys,
  signature: string,
): Promise<ConversationId> {
  const { conversation } = await deps.api.call("claim", {
    params: { invite: inviteIdText(keys.id) },
    body: { signature },
  });
  if (!conversation) throw new ProtocolError("not_found", "an invitation without a conversation");
  return parseConversationId(conversation);
}

async function keepRecord(
  context: ChangeContext,
  id: ConversationId,
  join: JoinRecord,
): Promise<number> {
  const { deps, changed } = context;
  const now = deps.now();
  const createdAt = await deps.store.write(CONVERSATION_STORES, async (writer) => {
    const before = await openKeptIn(writer, id);
    if (before) return before.kept.createdAt;
    const { title, inviter: owner } = join;
    await beginKeptIn(writer, id, newConversation({ title, owner, createdAt: now }));
    return now;
  });
  changed(id);
  return createdAt;
}

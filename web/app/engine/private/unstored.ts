import {
  type AccountId,
  type ConversationId,
  conversationIdIn,
} from "../../../../workers/protocol/ids.ts";
import * as z from "zod/mini";
import { positive, time } from "../../../../workers/protocol/fields.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { joinDrafts } from "../../join-drafts.ts";
import type { CommandHandlers } from "../../rpc.ts";
import type { Unstored } from "../../unstored.ts";
import { acceptedKeys } from "../store/accepted.ts";
import type { Deps } from "../store/deps.ts";
import { KEPT_TEXT } from "./draft-handlers.ts";
import type { Drafts } from "./drafts.ts";
import { CommandProblem, reportUnexpected } from "../store/problem-of.ts";
import { unsavedEdit } from "./unsaved-edit.ts";

const text = z.string().check(z.maxLength(KEPT_TEXT));
const key = z.string().check(z.maxLength(64));
const conversation = z.string().check(z.maxLength(64));

/** As it is sealed: `at` is when. */
const unstored = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("draft"), at: time, key, conversation, text, seen: time }),
  z.object({ kind: z.literal("edit"), at: time, conversation, edit: z.nullable(unsavedEdit) }),
  z.object({
    kind: z.literal("message"),
    at: time,
    key,
    conversation,
    text,
    seen: time,
    replyTo: z.optional(positive),
  }),
]);
type Sealed = z.infer<typeof unstored>;
type Kind<K extends Sealed["kind"]> = Extract<Sealed, { kind: K }>;

interface Around {
  readonly deps: Deps;
  /** the account that is signed in here; null: nobody */
  readonly account: () => AccountId | null;
  readonly drafts: () => Drafts;
  readonly commands: Pick<CommandHandlers, "send" | "keepEdit">;
}

/** Sealed records are bound to where they belong: nothing but this opens them, and no other account (K8). */
const placeOf = (account: AccountId): string => `unstored/${account}`;

/**
 * What was typed last in a conversation, over what is stored. Typed on from the newest version it says all of it;
 * else both are kept, and what covers the other is not doubled.
 */
async function recoverDraft(
  { drafts }: Around,
  id: ConversationId,
  draft: Kind<"draft">,
): Promise<void> {
  const kept = await drafts().kept(id);
  const local = await drafts().storedAt(id);
  const isNewest = draft.seen >= kept.at && (local === null || local < draft.at);
  const words = isNewest ? draft.text : joinDrafts(kept.text, draft.text);
  if (words === kept.text) return;
  await drafts().save(id, { text: words, seen: Math.max(draft.seen, kept.at) });
}

async function recoverConversation(
  around: Around,
  id: ConversationId,
  left: Sealed[],
): Promise<void> {
  const known = await acceptedKeys(around.deps.store, id);
  const messages = left.filter((one): one is Kind<"message"> => one.kind === "message");
  const keys = new Set([...known, ...messages.map((one) => one.key)]);
  // A draft whose message is here as well, or was stored, is that message and no draft any more.
  const draft = left
    .filter((one): one is Kind<"draft"> => one.kind === "draft" && !keys.has(one.key))
    .toSorted((a, b) => a.at - b.at)
    .at(-1);
  for (const one of messages.toSorted((a, b) => a.at - b.at)) {
    const { key: under, text: words, seen, replyTo } = one;
    const behind = { text: draft?.text ?? "", seen: draft?.seen ?? seen };
    const message = { key: under, conversation: id, text: words, left: behind };
    await around.commands
      .send(replyTo === undefined ? message : { ...message, replyTo })
      // What it answers was deleted meanwhile: the answer stays.
      .catch((error: unknown) => {
        const isGone = error instanceof ProtocolError && error.code === "not_found";
        if (!isGone || replyTo === undefined) throw error;
        return around.commands.send(message);
      });
  }
  if (draft) await recoverDraft(around, id, draft);
  for (const one of left) {
    if (one.kind === "edit") await around.commands.keepEdit({ conversation: id, edit: one.edit });
  }
}

/** The engine's side of texts that the page holds and the store has not (app/unstored-keeper.ts). */
export function unstoredHandlers(
  around: Around,
): Pick<CommandHandlers, "sealUnstored" | "recoverUnstored"> {
  const { deps, account } = around;
  return {
    async sealUnstored(entry: Unstored) {
      const who = account();
      if (who === null) throw new ProtocolError("unauthenticated");
      const parsed = unstored.safeParse({ ...entry, at: deps.now() });
      if (!parsed.success) throw new CommandProblem("too_long");
      return deps.store.seal(placeOf(who), parsed.data);
    },
    async recoverUnstored(sealed) {
      const who = account();
      if (who === null) throw new ProtocolError("unauthenticated");
      const byConversation = new Map<ConversationId, { entry: Sealed; bytes: Uint8Array }[]>();
      for (const bytes of sealed) {
        // Another account's, or damaged: neither can be read, now or later.
        const entry = deps.store.unseal(placeOf(who), bytes, unstored);
        if (entry === null) continue;
        const id = conversationIdIn(entry.conversation);
        if (id === null) continue;
        byConversation.set(id, [...(byConversation.get(id) ?? []), { entry, bytes }]);
      }
      const remaining: Uint8Array[] = [];
      for (const [id, left] of byConversation) {
        const entries = left.map(({ entry }) => entry);
        // One conversation that fails keeps no other's text from coming back, and loses none of its own.
        await recoverConversation(around, id, entries).catch((error: unknown) => {
          reportUnexpected(error);
          remaining.push(...left.map(({ bytes }) => bytes));
        });
      }
      return remaining;
    },
  };
}

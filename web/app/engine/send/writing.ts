import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { isShown } from "../../../core/messages/content.ts";
import type { Identity } from "../account/identity.ts";
import type { Drafts } from "../private/drafts.ts";
import type { Deps } from "../store/deps.ts";
import type { Outbox } from "./outbox.ts";
import { type Writing, changeableAt, targetAt } from "./say.ts";

interface Surroundings {
  readonly deps: Pick<Deps, "store" | "now">;
  readonly me: Pick<Identity, "account">;
  readonly outbox: Pick<Outbox, "add" | "retry" | "discard">;
  readonly drafts: Pick<Drafts, "left">;
  /** the conversation whose socket is open */
  readonly open: () => ConversationId | null;
  /** what is on screen */
  readonly timeline: () => { readonly id: ConversationId; newest(): Promise<unknown> } | null;
  readonly flush: (id: ConversationId) => void;
}

/** What a signed-in device writes, and what becomes of messages that failed. */
export interface DeviceWriting extends Writing {
  /** Whether there was such a message. */
  retry(messageId: Uint8Array): Promise<boolean>;
  discard(messageId: Uint8Array): Promise<boolean>;
}

export const createWriting = ({
  deps,
  me,
  outbox,
  drafts,
  open,
  timeline,
  flush,
}: Surroundings): DeviceWriting => ({
  async say(id, content, how) {
    await outbox.add(
      id,
      content,
      how && { key: how.key, also: drafts.left(id, how.left, how.text) },
    );
    // Who writes sees it: it comes at the end.
    const shown = timeline();
    if (shown?.id === id && isShown(content)) void shown.newest();
    flush(id);
  },
  targetAt: (id, seq, may) => targetAt(deps.store, id, seq, may),
  changeableAt: (id, seq, may) => changeableAt(deps, id, seq, me.account, may),
  async retry(messageId) {
    const id = open();
    const found = id !== null && (await outbox.retry(id, messageId));
    if (found) flush(id);
    return found;
  },
  async discard(messageId) {
    const id = open();
    return id !== null && (await outbox.discard(id, messageId));
  },
});

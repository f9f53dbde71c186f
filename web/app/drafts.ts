import type { ConversationId } from "../../workers/protocol/ids.ts";
import type { EnginePort } from "./engine-port.ts";
import type { KeptDraft, Typed, UnsavedEdit } from "./drafts-view.ts";
import type { Outcome } from "./models.ts";
import { type Unstored, newKey } from "./unstored.ts";
import type { UnstoredTexts } from "./unstored-keeper.ts";

/** Typing is stored no more often than this, for each time is a write to the disk; a crash costs no more. */
const PAUSE_MS = 1_000;
/** An engine that does not answer must not hold up whoever waits. */
const PATIENCE_MS = 3_000;

export interface Outgoing {
  readonly text: string;
  /** what stands in the box when it is sent */
  readonly left: Typed;
  readonly replyTo?: number | undefined;
}

/** The page's end of what is kept while it is typed: the newest text of each conversation, in pauses. */
export interface DraftKeeper {
  of(conversation: ConversationId): Promise<KeptDraft>;
  save(conversation: ConversationId, typed: Typed): void;
  /** A message being written anew; null at once: one that is saved or given up must not come back. */
  saveEdit(conversation: ConversationId, edit: UnsavedEdit | null): void;
  /**
   * Stores a message, which takes the place of what was typed there. What is typed behind it is kept when it is
   * stored: earlier, a tab that dies in between would have lost the message's only copy.
   */
  send(conversation: ConversationId, message: Outgoing): Promise<Outcome>;
  /** Resolves when everything typed is stored, or cannot be. */
  settled(): Promise<void>;
  /** The page may be about to end. */
  leave(): void;
  /** The engine is there: what pages of this browser left behind is stored first. */
  recover(): void;
}

const draftName = (key: string): string => `draft/${key}`;
const editName = (conversation: ConversationId): string => `edit/${conversation}`;
const messageName = (key: string): string => `message/${key}`;

export function createDraftKeeper(engine: EnginePort, unstored: UnstoredTexts): DraftKeeper {
  const pending = new Map<string, () => Promise<unknown>>();
  /** the key under which what stands in each box will be sent */
  const keys = new Map<ConversationId, string>();
  const sending = new Map<ConversationId, Promise<unknown>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stored: Promise<unknown> = Promise.resolve();
  let recovered: Promise<void> = Promise.resolve();

  const keyOf = (conversation: ConversationId): string => {
    const key = keys.get(conversation) ?? newKey();
    keys.set(conversation, key);
    return key;
  };

  const settled = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    // A browser that refuses to store keeps them in this tab's memory only.
    const asked = [...pending.values()].map((ask) => ask());
    pending.clear();
    stored = Promise.allSettled([stored, ...asked]);
    await Promise.race([stored, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  };

  const inPause = (name: string, entry: Unstored, ask: () => Promise<Outcome>): void => {
    unstored.hold(name, entry);
    pending.set(name, async () => {
      await sending.get(entry.conversation);
      const outcome = await ask();
      if (outcome.ok) unstored.release(name, entry);
    });
    timer ??= setTimeout(() => void settled(), PAUSE_MS);
  };

  return {
    async of(conversation) {
      // What was typed a moment ago, here or in the page before this one, is the newest that there is.
      await Promise.all([recovered, settled()]);
      const outcome = await engine.ask("draftOf", conversation);
      return outcome.ok ? outcome.value : { text: "", at: 0 };
    },
    save(conversation, typed) {
      const key = keyOf(conversation);
      const entry = { kind: "draft" as const, key, conversation, ...typed };
      inPause(draftName(key), entry, () => engine.ask("saveDraft", { conversation, ...typed }));
    },
    saveEdit(conversation, edit) {
      const entry = { kind: "edit" as const, conversation, edit };
      inPause(editName(conversation), entry, () => engine.ask("keepEdit", { conversation, edit }));
      if (edit === null) void settled();
    },
    send(conversation, { text, left, replyTo }) {
      const key = keyOf(conversation);
      keys.delete(conversation);
      // An older text that waits for its pause must not come after its message.
      pending.delete(draftName(key));
      const { seen } = left;
      const reply = replyTo === undefined ? {} : { replyTo };
      const entry = { kind: "message" as const, key, conversation, text, seen, ...reply };
      unstored.hold(messageName(key), entry);
      // A text of its own, which this message's transaction stores as the draft.
      const next = left.text === "" ? null : keyOf(conversation);
      const behind = next && { kind: "draft" as const, key: next, conversation, ...left };
      if (behind) unstored.hold(draftName(behind.key), behind);
      const answer = engine.ask("send", { key, conversation, text, left, ...reply });
      const done = answer.then((outcome) => {
        if (sending.get(conversation) === done) sending.delete(conversation);
        // Refused, it is in the box again, which saves it as a draft.
        unstored.drop(messageName(key));
        unstored.drop(draftName(key));
        if (behind && outcome.ok) unstored.release(draftName(behind.key), behind);
        return outcome;
      });
      sending.set(conversation, done);
      stored = Promise.allSettled([stored, done]);
      return done;
    },
    settled,
    leave() {
      unstored.leave();
      if (pending.size > 0) void settled();
    },
    recover() {
      recovered = unstored.recover();
    },
  };
}

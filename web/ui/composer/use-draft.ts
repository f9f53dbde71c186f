import { type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { DraftOffer, Typed } from "../../app/drafts-view.ts";
import { joinDrafts, withOffered } from "../../app/join-drafts.ts";
import type { Outcome } from "../../app/models.ts";
import { useModels } from "../state/models-context.ts";
import { type Leaving, boxOf } from "./drafts.ts";
import { leftBehind } from "./left-behind.ts";

export interface Draft {
  readonly text: ReadonlySignal<string>;
  /** whether something of the text is being stored as a message */
  readonly leaving: ReadonlySignal<readonly Leaving[]>;
  write(value: string): void;
  /** What a message sent now would say: what stands in the box and is not being stored already. */
  unsent(): string;
  /**
   * Stores what is unsent by `store`, after the messages before it, and takes it out of the box only when it is
   * stored. null: one before it could not be stored, so this one stays in the box as well.
   */
  send(store: (text: string, left: Typed) => Promise<Outcome>): Promise<Outcome | null>;
}

/** Nothing moves under the caret of somebody who types. */
const TYPING_MS = 3_000;

/** The text in the box of this conversation, also from before a reload or a crash, or from another device. */
export function useDraft(conversation: string): Draft {
  const model = useModels().conversation;
  const box = useMemo(() => boxOf(conversation), [conversation]);
  const typedAt = useRef(-TYPING_MS);
  const offer = model.draftOffer.value;
  // What was offered before is in what the engine is asked for; it may be long over.
  const old = useRef(offer);
  const offered = offer?.conversation === conversation && offer !== old.current ? offer : null;

  const isLeaving = (): boolean => box.leaving.peek().length > 0;
  const typed = (text: string): Typed => ({ text, seen: Math.max(0, box.seen) });
  const save = (): void => {
    const { text, seen } = typed(box.text.peek());
    // What leaves is no draft; what stands behind it is kept when it has left.
    if (!isLeaving()) model.saveDraft(conversation, text, seen);
  };
  const unsent = (): string => {
    const leaving = box.leaving.peek().map(({ text }) => text);
    return leftBehind(box.text.peek(), leaving.join(""));
  };

  useEffect(() => {
    const before = box.text.peek();
    let gone = false;
    const fetch = async (): Promise<void> => {
      const kept = await model.draftOf(conversation);
      if (gone || isLeaving() || kept.at <= box.seen) return;
      box.seen = kept.at;
      const now = box.text.peek();
      // What was typed in the meantime stays behind it.
      box.text.value = now === before ? kept.text : joinDrafts(kept.text, now);
    };
    void fetch();
    return () => void (gone = true);
  }, [conversation]);

  useEffect(() => {
    if (offered === null) return;
    const take = ({ text: after, at, before }: DraftOffer): void => {
      if (at <= box.seen || isLeaving()) return;
      box.seen = at;
      box.text.value = withOffered(box.text.peek(), before, after);
      save();
    };
    const wait = typedAt.current + TYPING_MS - performance.now();
    if (wait <= 0) return take(offered);
    const timer = setTimeout(() => take(offered), wait);
    return () => clearTimeout(timer);
  }, [offered, box.text.value]);

  const storeInTurn = async (
    message: Leaving,
    before: Promise<unknown>,
    store: (text: string, left: Typed) => Promise<Outcome>,
  ): Promise<Outcome | null> => {
    // At once where nothing is ahead: the tab may be closed in the same moment.
    if (box.leaving.peek()[0] !== message) await before;
    if (!box.leaving.peek().includes(message)) return null;
    const behind = leftBehind(box.text.peek(), message.text);
    const outcome = await store(message.text, typed(behind));
    if (outcome.ok) {
      box.leaving.value = box.leaving.peek().filter((each) => each !== message);
      box.text.value = leftBehind(box.text.peek(), message.text);
      if (box.text.peek() !== behind) save();
    } else {
      // Those behind it would arrive before it.
      box.leaving.value = [];
      const typedOn = leftBehind(box.text.peek(), message.text);
      if (box.text.peek() === message.text + typedOn && typedOn.trim() !== "") {
        box.text.value = `${message.text}\n${typedOn}`;
      }
      save();
    }
    return outcome;
  };

  return {
    text: box.text,
    leaving: box.leaving,
    write(value) {
      typedAt.current = performance.now();
      box.text.value = value;
      save();
    },
    unsent,
    send(store) {
      const message = { text: unsent() };
      const before = box.left;
      box.leaving.value = [...box.leaving.peek(), message];
      const stored = storeInTurn(message, before, store);
      box.left = stored;
      return stored;
    },
  };
}

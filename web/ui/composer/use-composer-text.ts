import type { ConversationId } from "../../app/ids.ts";
import { type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { DraftOffer, Typed } from "../../app/drafts-view.ts";
import { joinDrafts, withOffered } from "../../app/join-drafts.ts";
import type { Outcome } from "../../app/models.ts";
import { useModels } from "../state/models-context.ts";
import { type StoringText, composerStateOf } from "./composer-state.ts";

export interface ComposerText {
  readonly text: ReadonlySignal<string>;
  /** the messages that are being stored */
  readonly storing: ReadonlySignal<readonly StoringText[]>;
  write(value: string): void;
  /**
   * Takes the text out of the box and stores it by `store`, after the messages before it. What could not be stored
   * is in the box again, before what was typed since. null: one before it could not be, so neither was this one.
   */
  send(store: (text: string, left: Typed) => Promise<Outcome>): Promise<Outcome | null>;
}

const together = (texts: readonly string[]): string =>
  texts.filter((text) => text.trim() !== "").join("\n");

/** Nothing moves under the caret of somebody who types. */
const TYPING_MS = 3_000;

/** The text in the box of this conversation, also from before a reload or a crash, or from another device. */
export function useComposerText(conversation: ConversationId): ComposerText {
  const { app, conversation: model } = useModels();
  // Told anew by each engine: while this page was put away another one may have gone on with the draft.
  const session = app.value;
  const box = useMemo(() => composerStateOf(conversation), [conversation]);
  const typedAt = useRef(-TYPING_MS);
  const offer = model.draftOffer.value;
  // What was offered before is in what the engine is asked for; it may be long over.
  const old = useRef(offer);
  const offered = offer?.conversation === conversation && offer !== old.current ? offer : null;

  const isStoring = (): boolean => box.storing.peek().length > 0;
  const typed = (text: string): Typed => ({ text, seen: Math.max(0, box.seen) });
  /** What is no message yet: those that wait for their turn, and the box. */
  const unsent = (): string => {
    const waiting = box.storing.peek().slice(1);
    if (waiting.length === 0) return box.text.peek();
    return together([...waiting.map(({ text }) => text), box.text.peek()]);
  };
  const save = (): void => {
    const { text, seen } = typed(unsent());
    model.saveDraft(conversation, text, seen);
  };

  useEffect(() => {
    const before = box.text.peek();
    let gone = false;
    const fetch = async (): Promise<void> => {
      const { sent } = box;
      const kept = await model.draftOf(conversation);
      // It may have been a message since, and then it is no draft any more.
      if (gone || box.sent !== sent || kept.at <= box.seen) return;
      box.seen = kept.at;
      const now = box.text.peek();
      // What was typed in the meantime stays behind it.
      box.text.value = now === before ? kept.text : joinDrafts(kept.text, now);
    };
    void fetch();
    return () => void (gone = true);
  }, [conversation, session]);

  useEffect(() => {
    if (offered === null) return;
    const take = ({ text: after, at, before }: DraftOffer): void => {
      if (at <= box.seen) return;
      if (after === before) {
        // What is kept has not come into the box yet: it brings its version with it.
        if (box.seen < 0) return;
        box.seen = at;
        // What a page that ends leaves has to know it as well.
        if (box.text.peek() !== after) save();
        return;
      }
      if (isStoring()) return;
      box.seen = at;
      const shown = box.text.peek();
      box.text.value = withOffered(shown, before, after);
      // What was only shown here is no typing: saved, it would come after what the tab that it is from does with it.
      if (shown !== before) save();
    };
    if (offered.text === offered.before) return take(offered);
    const wait = typedAt.current + TYPING_MS - performance.now();
    if (wait <= 0) return take(offered);
    const timer = setTimeout(() => take(offered), wait);
    return () => clearTimeout(timer);
  }, [offered, box.text.value, box.storing.value]);

  /** Every message that is being stored stands in the box again: those behind one would arrive before it. */
  const takeBack = (): void => {
    const texts = box.storing.peek().map(({ text }) => text);
    box.storing.value = [];
    box.text.value = together([...texts, box.text.peek()]);
    save();
  };

  const storeInTurn = async (
    message: StoringText,
    before: Promise<unknown>,
    store: (text: string, left: Typed) => Promise<Outcome>,
  ): Promise<Outcome | null> => {
    // At once where nothing is ahead: the tab may be closed in the same moment.
    if (box.storing.peek()[0] !== message) await before;
    if (!box.storing.peek().includes(message)) return null;
    const behind = unsent();
    const outcome = await store(message.text, typed(behind));
    if (outcome.ok) {
      box.storing.value = box.storing.peek().filter((each) => each !== message);
      if (!isStoring() && box.text.peek() !== behind) save();
    } else takeBack();
    return outcome;
  };

  return {
    text: box.text,
    storing: box.storing,
    write(value) {
      typedAt.current = performance.now();
      box.text.value = value;
      save();
    },
    send(store) {
      const message = { text: box.text.peek() };
      const before = box.left;
      box.storing.value = [...box.storing.peek(), message];
      box.text.value = "";
      box.sent += 1;
      const stored = storeInTurn(message, before, store);
      box.left = stored;
      return stored;
    },
  };
}

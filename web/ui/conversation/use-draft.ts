import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { joinDrafts, withOffered } from "../../app/join-drafts.ts";
import type { DraftOffer } from "../../app/drafts-view.ts";
import { useModels } from "../shell/models-context.ts";
import { boxOf } from "./drafts.ts";

export interface Draft {
  readonly text: ReadonlySignal<string>;
  write(value: string): void;
  /**
   * Takes the text out of the box for `work`; what is kept for the next start stays until it is done, so that
   * a crash in between costs nothing.
   */
  during<T>(work: () => Promise<T>): Promise<T>;
}

/** Nothing moves under the caret of somebody who types. */
const TYPING_MS = 3_000;

/** The text in the box of this conversation, also from before a reload or a crash, or from another device. */
export function useDraft(conversation: string): Draft {
  const model = useModels().conversation;
  const box = useMemo(() => boxOf(conversation), [conversation]);
  const text = useSignal(box.text);
  const typedAt = useRef(-TYPING_MS);
  const offer = model.draftOffer.value;
  // What was offered before is in what the engine is asked for; it may be long over.
  const old = useRef(offer);
  const offered = offer?.conversation === conversation && offer !== old.current ? offer : null;

  const show = (value: string): void => {
    text.value = value;
    box.text = value;
  };
  const save = (): void => {
    if (box.sending === 0) model.saveDraft(conversation, box.text, Math.max(0, box.seen));
  };

  useEffect(() => {
    const before = box.text;
    text.value = before;
    let gone = false;
    const fetch = async (): Promise<void> => {
      const kept = await model.draftOf(conversation);
      if (gone || box.sending > 0 || kept.at <= box.seen) return;
      box.seen = kept.at;
      // What was typed in the meantime stays behind it.
      show(box.text === before ? kept.text : joinDrafts(kept.text, box.text));
    };
    void fetch();
    return () => void (gone = true);
  }, [conversation]);

  useEffect(() => {
    if (offered === null) return;
    const take = ({ text: after, at, before }: DraftOffer): void => {
      if (at <= box.seen || box.sending > 0) return;
      box.seen = at;
      show(withOffered(box.text, before, after));
      save();
    };
    const wait = typedAt.current + TYPING_MS - performance.now();
    if (wait <= 0) return take(offered);
    const timer = setTimeout(() => take(offered), wait);
    return () => clearTimeout(timer);
  }, [offered, text.value]);

  return {
    text,
    write(value) {
      typedAt.current = performance.now();
      show(value);
      save();
    },
    async during(work) {
      box.sending += 1;
      show("");
      try {
        return await work();
      } finally {
        box.sending -= 1;
        save();
      }
    },
  };
}

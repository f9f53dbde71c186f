import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useModels } from "../shell/models-context.ts";
import { draftHere, keepDraft } from "./drafts.ts";

export interface Draft {
  readonly text: ReadonlySignal<string>;
  write(value: string): void;
  /**
   * Takes the text out of the box for `work`; what is kept for the next start stays until it is done, so that
   * a crash in between costs nothing.
   */
  during<T>(work: () => Promise<T>): Promise<T>;
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n");

/** The text in the box of this conversation, also from before a reload or a crash. */
export function useDraft(conversation: string): Draft {
  const model = useModels().conversation;
  const text = useSignal(draftHere(conversation) ?? "");
  const sending = useRef(0);

  const show = (value: string): void => {
    text.value = value;
    keepDraft(conversation, value);
  };

  useEffect(() => {
    const here = draftHere(conversation);
    if (here !== null) {
      text.value = here;
      return;
    }
    let gone = false;
    void model.draftOf(conversation).then((kept) => {
      // What was typed in the meantime stays behind it.
      if (!gone && kept !== "" && sending.current === 0) show(joined([kept, text.peek()]));
    });
    return () => void (gone = true);
  }, [conversation]);

  return {
    text,
    write(value) {
      show(value);
      if (sending.current === 0) model.saveDraft(conversation, value);
    },
    async during(work) {
      sending.current += 1;
      show("");
      try {
        return await work();
      } finally {
        sending.current -= 1;
        if (sending.current === 0) model.saveDraft(conversation, draftHere(conversation) ?? "");
      }
    },
  };
}

import { useSignal } from "@preact/signals";
import { TEXT_LIMIT } from "../../app/view.ts";
import { now as clock } from "../kit/clock.ts";
import type { Failure } from "../kit/problem.tsx";
import { useModels } from "../shell/models-context.ts";
import type { Outcome } from "../../app/models.ts";
import { type About, aboutOf, setAbout, startEdit } from "./about.ts";
import { lastToEdit } from "./changeable.ts";
import { useDraft } from "./use-draft.ts";

const settled = (work: Promise<Outcome>): Promise<Outcome> =>
  work.catch((): Outcome => ({ ok: false, problem: "internal" }));

/**
 * What stands in the box and where it goes: a draft that is sent, perhaps as a reply, or a message written anew.
 * The draft is a text of its own and comes back untouched when an edit is saved or given up.
 */
export function useWriting(conversation: string) {
  const model = useModels().conversation;
  const draft = useDraft(conversation);
  const failure = useSignal<Failure | null>(null);
  const saving = useSignal(false);
  const about = aboutOf(conversation);
  const edit = about?.kind === "edit" ? about : null;
  const text = edit?.text ?? draft.text.value;

  const write = (value: string): void => {
    if (edit) setAbout(conversation, { ...edit, text: value });
    else draft.write(value);
  };
  const cancel = (): void => {
    failure.value = null;
    setAbout(conversation, null);
  };

  const save = async ({ seq, before, text: written }: About & { kind: "edit" }): Promise<void> => {
    if (saving.peek()) return;
    if (written.trim() === before.trim()) return cancel();
    saving.value = true;
    const outcome = await settled(model.edit(seq, written));
    saving.value = false;
    if (outcome.ok) cancel();
    else failure.value = outcome;
  };

  const send = async (written: string): Promise<void> => {
    const reply = about?.kind === "reply" ? about : null;
    await draft.during(async () => {
      if (reply) setAbout(conversation, null);
      const outcome = await settled(model.send(written, reply?.seq));
      if (outcome.ok) return;
      failure.value = outcome;
      // Whatever was typed meanwhile stays behind it, and what was chosen meanwhile stays chosen.
      draft.write([written, draft.text.peek()].filter((part) => part !== "").join("\n"));
      if (reply && aboutOf(conversation) === null) setAbout(conversation, reply);
    });
  };

  const submit = async (): Promise<void> => {
    const written = edit ? edit.text : draft.text.peek();
    if (written.trim() === "" || written.length > TEXT_LIMIT) return;
    failure.value = null;
    await (edit ? save(edit) : send(written));
  };

  /** Takes the last own message into the empty box; whether there was one. */
  const editLast = (): boolean => {
    const timeline = model.timeline.peek();
    if (text !== "" || about !== null || timeline?.conversation !== conversation) return false;
    const last = lastToEdit(timeline.items, clock.peek());
    if (last) startEdit(conversation, last);
    return last !== null;
  };

  return { text, about, failure: failure.value, write, cancel, submit, editLast };
}

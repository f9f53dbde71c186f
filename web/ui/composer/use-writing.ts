import type { ConversationId } from "../../app/ids.ts";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isBlank } from "../../app/blank.ts";
import { joinDrafts } from "../../app/join-drafts.ts";
import { TEXT_LIMIT } from "../../app/view.ts";
import { now as clock } from "../kit/clock.ts";
import type { Failure } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import type { Outcome } from "../../app/models.ts";
import { type About, aboutOf, setAbout, startEdit } from "./composer-target.ts";
import { lastToEdit } from "./changeable.ts";
import { useDraft } from "./use-composer-text.ts";

const settled = (work: Promise<Outcome>): Promise<Outcome> =>
  work.catch((): Outcome => ({ ok: false, problem: "internal" }));

/**
 * What stands in the box and where it goes: a draft that is sent, perhaps as a reply, or a message written anew.
 * The draft is a text of its own and comes back untouched when an edit is saved or given up.
 */
export function useWriting(conversation: ConversationId) {
  const model = useModels().conversation;
  const draft = useDraft(conversation);
  const failure = useSignal<Failure | null>(null);
  const saving = useSignal(false);
  const gone = useSignal<"reply" | "edit" | "unchanged" | null>(null);
  const about = aboutOf(conversation);
  const edit = about?.kind === "edit" ? about : null;
  const kept = useRef({ conversation, edit });
  const text = edit?.text ?? draft.text.value;

  useEffect(() => {
    let isOver = false;
    const restore = async (): Promise<void> => {
      const outcome = await model.unsavedEdit(conversation);
      if (isOver || !outcome.ok || !outcome.value || aboutOf(conversation) !== null) return;
      setAbout(conversation, { kind: "edit", ...outcome.value });
    };
    void restore();
    return () => void (isOver = true);
  }, [conversation]);

  useEffect(() => {
    const before = kept.current;
    kept.current = { conversation, edit };
    // Where nothing changed yet, what the page before this one left is still to be fetched.
    if (before.conversation !== conversation || before.edit === edit) return;
    const unsaved = edit && { seq: edit.seq, before: edit.before, text: edit.text };
    model.keepEdit(conversation, unsaved);
  }, [conversation, edit]);

  const write = (value: string): void => {
    if (edit) setAbout(conversation, { ...edit, text: value });
    else draft.write(value);
  };
  const cancel = (): void => {
    failure.value = null;
    gone.value = null;
    setAbout(conversation, null);
  };
  /** What it was about was deleted, here or elsewhere: nothing of it is shown on, and nothing written is lost. */
  const letGo = (lost: About): void => {
    const isChanged = lost.kind === "edit" && lost.text.trim() !== lost.before.trim();
    if (isChanged) draft.write(joinDrafts(draft.text.peek(), lost.text));
    gone.value = lost.kind === "edit" && !isChanged ? "unchanged" : lost.kind;
    setAbout(conversation, null);
  };

  const shown = model.timeline.value;
  const items = shown?.conversation === conversation ? shown.items : [];
  const isGone = items.some((item) => item.kind === "deleted" && item.seq === about?.seq);
  useEffect(() => {
    if (about && isGone) letGo(about);
  }, [about, isGone]);

  const save = async (edited: About & { kind: "edit" }): Promise<void> => {
    const { seq, before, text: written } = edited;
    if (saving.peek()) return;
    if (written.trim() === before.trim()) return cancel();
    saving.value = true;
    const outcome = await settled(model.edit(seq, written));
    saving.value = false;
    const now = aboutOf(conversation);
    const isSame = now?.kind === "edit" && now.seq === seq;
    // What was typed while it was being stored is the next change of it.
    if (outcome.ok && isSame && now.text !== written) {
      setAbout(conversation, { ...now, before: written });
    } else if (outcome.ok) cancel();
    else if (outcome.problem === "not_found") letGo(edited);
    else failure.value = outcome;
  };

  const send = async (): Promise<void> => {
    const reply = about?.kind === "reply" ? about : null;
    // What is written behind it answers nothing.
    if (reply) setAbout(conversation, null);
    const outcome = await draft.send((written, left) =>
      settled(model.send(conversation, { text: written, left, replyTo: reply?.seq })),
    );
    if (outcome?.ok) return;
    if (reply && outcome?.problem === "not_found") return letGo(reply);
    if (outcome) failure.value = outcome;
    // What was chosen meanwhile stays chosen.
    if (reply && aboutOf(conversation) === null) setAbout(conversation, reply);
  };

  const submit = async (): Promise<void> => {
    const written = edit ? edit.text : draft.text.peek();
    if (isBlank(written) || written.length > TEXT_LIMIT) return;
    failure.value = null;
    gone.value = null;
    await (edit ? save(edit) : send());
  };

  /** Takes the last own message into the empty box; whether there was one. */
  const editLast = (): boolean => {
    const timeline = model.timeline.peek();
    if (text !== "" || about !== null || timeline?.conversation !== conversation) return false;
    const last = lastToEdit(timeline.items, clock.peek());
    if (last) startEdit(conversation, last);
    return last !== null;
  };

  const busy = edit ? saving.value : draft.leaving.value.length > 0;
  return {
    text,
    about,
    busy,
    leaving: draft.leaving.value,
    failure: failure.value,
    gone: gone.value,
    write,
    cancel,
    submit,
    editLast,
  };
}

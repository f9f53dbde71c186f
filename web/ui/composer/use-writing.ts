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
import {
  type ComposerTarget,
  composerTargetOf,
  setComposerTarget,
  startEdit,
} from "./composer-target.ts";
import { readyFiles, sendTray, trayOf } from "../attach/tray-state.ts";
import { lastToEdit } from "./changeable.ts";
import { useComposerText } from "./use-composer-text.ts";

const settled = (work: Promise<Outcome>): Promise<Outcome> =>
  work.catch((): Outcome => ({ ok: false, problem: "internal" }));

/**
 * What stands in the box and where it goes: a draft that is sent, perhaps as a reply, or a message written anew.
 * The draft is a text of its own and comes back untouched when an edit is saved or given up.
 */
export function useWriting(conversation: ConversationId) {
  const { conversation: model, files } = useModels();
  const draft = useComposerText(conversation);
  const failure = useSignal<Failure | null>(null);
  const saving = useSignal(false);
  const gone = useSignal<"reply" | "edit" | "unchanged" | null>(null);
  const target = composerTargetOf(conversation);
  const edit = target?.kind === "edit" ? target : null;
  const kept = useRef({ conversation, edit });
  const text = edit?.text ?? draft.text.value;

  useEffect(() => {
    let isOver = false;
    const restore = async (): Promise<void> => {
      const outcome = await model.unsavedEdit(conversation);
      if (isOver || !outcome.ok || !outcome.value || composerTargetOf(conversation) !== null)
        return;
      setComposerTarget(conversation, { kind: "edit", ...outcome.value });
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
    if (edit) setComposerTarget(conversation, { ...edit, text: value });
    else draft.write(value);
  };
  const cancel = (): void => {
    failure.value = null;
    gone.value = null;
    setComposerTarget(conversation, null);
  };
  /** What it was about was deleted, here or elsewhere: nothing of it is shown on, and nothing written is lost. */
  const letGo = (lost: ComposerTarget): void => {
    const isChanged = lost.kind === "edit" && lost.text.trim() !== lost.before.trim();
    if (isChanged) draft.write(joinDrafts(draft.text.peek(), lost.text));
    gone.value = lost.kind === "edit" && !isChanged ? "unchanged" : lost.kind;
    setComposerTarget(conversation, null);
  };

  const shown = model.timeline.value;
  const items = shown?.conversation === conversation ? shown.items : [];
  const isGone = items.some((item) => item.kind === "deleted" && item.seq === target?.seq);
  useEffect(() => {
    if (target && isGone) letGo(target);
  }, [target, isGone]);

  const save = async (edited: ComposerTarget & { kind: "edit" }): Promise<void> => {
    const { seq, before, text: written } = edited;
    if (saving.peek()) return;
    if (written.trim() === before.trim()) return cancel();
    saving.value = true;
    const outcome = await settled(model.edit(seq, written));
    saving.value = false;
    const now = composerTargetOf(conversation);
    const isSame = now?.kind === "edit" && now.seq === seq;
    // What was typed while it was being stored is the next change of it.
    if (outcome.ok && isSame && now.text !== written) {
      setComposerTarget(conversation, { ...now, before: written });
    } else if (outcome.ok) cancel();
    else if (outcome.problem === "not_found") letGo(edited);
    else failure.value = outcome;
  };

  const send = async (): Promise<void> => {
    const reply = target?.kind === "reply" ? target : null;
    // What is written behind it answers nothing.
    if (reply) setComposerTarget(conversation, null);
    const outcome = await draft.send((written, left) =>
      settled(model.send(conversation, { text: written, left, replyTo: reply?.seq })),
    );
    if (outcome?.ok) return;
    if (reply && outcome?.problem === "not_found") return letGo(reply);
    if (outcome) failure.value = outcome;
    // What was chosen meanwhile stays chosen.
    if (reply && composerTargetOf(conversation) === null) setComposerTarget(conversation, reply);
  };

  /** What stands in the box goes with the last file; the tray says itself what could not be stored. */
  const sendFiles = async (first: number): Promise<void> => {
    const reply = target?.kind === "reply" ? target : null;
    if (reply) setComposerTarget(conversation, null);
    const store = (caption: string): Promise<Outcome> =>
      sendTray(files, conversation, caption, reply?.seq);
    const outcome = isBlank(draft.text.peek())
      ? await store("")
      : await draft.send(async (written, left) => {
          const stored = await store(written);
          if (stored.ok) model.saveDraft(conversation, left.text, left.seen);
          return stored;
        });
    if (!reply || outcome?.ok) return;
    if (outcome?.problem === "not_found") return letGo(reply);
    // It goes with the first of them: once that is away, so is the answer.
    const isHere = trayOf(conversation).files.some(({ key }) => key === first);
    if (isHere && composerTargetOf(conversation) === null) setComposerTarget(conversation, reply);
  };

  const submit = async (): Promise<void> => {
    const written = edit ? edit.text : draft.text.peek();
    const ready = edit ? [] : readyFiles(trayOf(conversation));
    // One of them is still looked at.
    if (ready === null || written.length > TEXT_LIMIT) return;
    if (isBlank(written) && ready.length === 0) return;
    failure.value = null;
    gone.value = null;
    const [first] = ready;
    await (edit ? save(edit) : first ? sendFiles(first.key) : send());
  };

  /** Takes the last own message into the empty box; whether there was one. */
  const editLast = (): boolean => {
    const timeline = model.timeline.peek();
    if (text !== "" || target !== null || timeline?.conversation !== conversation) return false;
    const last = lastToEdit(timeline.items, clock.peek());
    if (last) startEdit(conversation, last);
    return last !== null;
  };

  const busy = edit ? saving.value : draft.storing.value.length > 0;
  return {
    text,
    target,
    busy,
    storing: draft.storing.value,
    failure: failure.value,
    gone: gone.value,
    write,
    cancel,
    submit,
    editLast,
  };
}

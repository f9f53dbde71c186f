import {
  type ConversationId,
  conversationIdText,
  idBytes,
} from "../../../../workers/protocol/ids.ts";
import { DRAFT_TEXT, type DraftRecord } from "../../../core/private-state/drafts.ts";
import { isBlank } from "../../blank.ts";
import { joinDrafts } from "../../join-drafts.ts";
import type { DraftOffer, KeptDraft, Typed } from "../../drafts-view.ts";
import { newKey } from "../../unstored.ts";
import type { Deps } from "../store/deps.ts";
import { eachOf } from "../wire/each-of.ts";
import {
  type LocalDraft,
  draftKeyOf,
  heldDrafts,
  localDraft,
  localDraftOf,
  localDrafts,
  noteSent,
  putDraft,
} from "./local-drafts.ts";
import type { PrivateRecords } from "./private-records.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import type { Writer } from "../store/store.ts";

/** Each time is a row written on the server: only when the typing pauses. */
const PAUSE_MS = 3_000;
const RETRY_MS = 30_000;
/** As many of the texts that stood in a box last are known again. */
const STOOD = 16;

/** Writes that belong to somebody else's transaction, which has the store "state" open. */
export type Also = (writer: Writer) => Promise<void>;

/** The drafts of the account's conversations: held here at once, then in its private state (K9). */
export interface Drafts {
  kept(id: ConversationId): Promise<KeptDraft>;
  /** when this device stored what the account has not yet; null: nothing */
  storedAt(id: ConversationId): Promise<number | null>;
  /** Resolves when it is stored on this device; the other devices get it when the typing pauses. */
  save(id: ConversationId, typed: Typed): Promise<void>;
  /**
   * What the transaction that stores a message has to write as well: its text is no draft any more, and `typed` is
   * what stands behind it. Apart, a crash between the two would bring back as a draft what was sent. `text`: as it
   * stood in the box; another page of this device may have given it to the account since this one looked.
   */
  left(id: ConversationId, typed: Typed, text: string): Also;
  /** The conversation on screen, whose composer is its draft; the one before is given away at once. */
  opened(id: ConversationId | null): void;
  /** the draft of a conversation that is not on screen */
  preview(id: ConversationId): string | null;
  /** After the private records were fetched: takes what other devices wrote, gives what they lack. */
  sync(): Promise<void>;
  /** Gives what the other devices lack. Throws what the network throws. */
  flush(): Promise<void>;
  close(): void;
}

export async function loadDrafts(
  deps: Deps,
  privateRecords: PrivateRecords,
  changed: (id: ConversationId) => void,
  offer: (offer: DraftOffer) => void,
): Promise<Drafts> {
  const { store } = deps;
  /** what each composer shows, as far as this tab knows */
  const texts = new Map<ConversationId, string>();
  /** the newest version of each record that came out of this tab's own composer */
  const own = new Map<ConversationId, number>();
  /**
   * What stood in each of this tab's boxes last. Another engine of this device, on its last breath or in another tab,
   * may give such a text to the account and forget that it did: whoever had it in the box has seen it all the same.
   */
  const stood = new Map<ConversationId, readonly string[]>();
  const tab = newKey();
  const timers = new Map<ConversationId, ReturnType<typeof setTimeout>>();
  const turns = new Map<ConversationId, Promise<unknown>>();
  let open: ConversationId | null = null;
  let closed = false;

  const localOf = (id: ConversationId): Promise<LocalDraft | null> => localDraftOf(store, id);

  const heldOf = (id: ConversationId): DraftRecord | null =>
    privateRecords.find("draft", (record) => conversationIdText(record.conversation) === id);

  /** What the account keeps. A draft that is no longer here was given to it, by another engine of this device too. */
  const given = async (id: ConversationId): Promise<DraftRecord | null> => {
    await privateRecords.recall(["draft", idBytes(id)]);
    return heldOf(id);
  };

  const inTurn = <T>(id: ConversationId, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(id) ?? Promise.resolve()).then(work, work);
    turns.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  };

  const note = (id: ConversationId, text: string): void => {
    const before = (stood.get(id) ?? []).filter((one) => one !== text);
    if (text !== "") stood.set(id, [...before, text].slice(-STOOD));
  };

  /** Something that was not typed in this tab stands there now. */
  const take = (id: ConversationId, { text, at }: KeptDraft, before: string): void => {
    if (before === text) return;
    note(id, text);
    texts.set(id, text);
    offer({ conversation: id, text, at, before });
    changed(id);
  };

  const push = async (id: ConversationId): Promise<void> => {
    const local = await localOf(id);
    if (!local || local.text.length > DRAFT_TEXT) return;
    let isJoined = false;
    let result: KeptDraft = { text: local.text, at: 0 };
    await privateRecords.put(async () => {
      const held = await given(id);
      const known = Math.max(local.known, own.get(id) ?? 0);
      const isKnown = held === null || held.at <= known || local.sent.includes(held.at);
      isJoined = !isKnown && held.text !== local.text && !stood.get(id)?.includes(held.text);
      const text = isJoined ? joinDrafts(held?.text ?? "", local.text) : local.text;
      result = { text, at: held?.at ?? 0 };
      // A version that another tab gave, or an engine that has ended, and this one has not seen, says something else.
      const newest = Math.max(local.known, ...local.sent);
      const isHeld = (held?.text ?? "") === text && (held?.at ?? 0) >= newest;
      if (isHeld || text.length > DRAFT_TEXT) return null;
      const at = Math.max(local.at, newest + 1, (held?.at ?? 0) + 1);
      result = { text, at };
      if (!isJoined) await noteSent(store, id, at);
      return { kind: "draft", conversation: idBytes(id), text, at };
    });
    const { text, at } = result;
    // Another tab of this device may have written it, which says something else in its own box.
    if (!isJoined && local.by === tab) {
      own.set(id, at);
      // The page outlives this engine when it is put away: what came from it must not look strange to the next one.
      offer({ conversation: id, text, at, before: text });
    }
    await store.write(["state"], async (writer) => {
      const now = await writer.get("state", draftKeyOf(id), localDraft);
      const isSame = now?.at === local.at && now.text === local.text;
      if (now && !isSame) {
        // Typed meanwhile: what was given away just now came from this tab.
        if (!isJoined) await putDraft(writer, id, { ...now, known: Math.max(now.known, at) });
        return;
      }
      const long = { text, at, known: at, sent: [], by: local.by };
      if (text.length > DRAFT_TEXT) await putDraft(writer, id, long);
      else await writer.delete("state", draftKeyOf(id));
    });
    if (isJoined) take(id, result, local.text);
  };

  const schedule = (id: ConversationId, ms: number): void => {
    clearTimeout(timers.get(id));
    if (closed) return;
    const work = (): void => {
      timers.delete(id);
      // What cannot be given now waits in the store, through reloads too.
      inTurn(id, () => push(id)).catch((error: unknown) => {
        reportUnexpected(error);
        schedule(id, RETRY_MS);
      });
    };
    timers.set(id, setTimeout(work, ms));
  };

  const sync = async (): Promise<void> => {
    const pending = await localDrafts(store);
    for (const [id, { text }] of heldDrafts(privateRecords)) {
      if (pending.has(id) || texts.get(id) === text) continue;
      const held = await given(id);
      // Typed or sent since `pending` was read: that is newer.
      if (held && !timers.has(id)) take(id, held, texts.get(id) ?? "");
    }
    for (const id of pending.keys()) if (!timers.has(id)) schedule(id, 0);
  };

  const kept = async (id: ConversationId): Promise<KeptDraft> => {
    const local = await localOf(id);
    const held = local ? heldOf(id) : await given(id);
    const text = local?.text ?? held?.text ?? "";
    note(id, text);
    texts.set(id, text);
    return { text, at: local ? local.known : (held?.at ?? 0) };
  };

  const left = (id: ConversationId, typed: Typed, before: string): Also => {
    const text = isBlank(typed.text) ? "" : typed.text;
    const held = heldOf(id);
    const isHeld = [text, before].includes(held?.text ?? "");
    const known = Math.max(typed.seen, own.get(id) ?? 0, isHeld ? (held?.at ?? 0) : 0);
    own.set(id, known);
    note(id, before);
    texts.set(id, text);
    schedule(id, PAUSE_MS);
    // Also where the account holds the same: an older text may be on its way there, and must not be the last to arrive.
    const at = deps.now();
    return async (writer) => {
      const local = await writer.get("state", draftKeyOf(id), localDraft);
      await putDraft(writer, id, { text, at, known, sent: local?.sent ?? [], by: tab });
      // A store that was busy for longer than the pause had nothing to give when it was over.
      schedule(id, PAUSE_MS);
    };
  };

  for (const [id, { text }] of heldDrafts(privateRecords)) texts.set(id, text);
  for (const [id, { text }] of await localDrafts(store)) texts.set(id, text);

  return {
    async kept(id) {
      const found = await kept(id);
      // Another device may have gone on with it since the last connection.
      privateRecords
        .refresh(["draft", idBytes(id)])
        .then(sync)
        .catch(reportUnexpected);
      return found;
    },
    storedAt: async (id) => (await localOf(id))?.at ?? null,
    save: (id, typed) => store.write(["state"], left(id, typed, typed.text)),
    left,
    opened(id) {
      const before = open;
      open = id;
      if (before !== null && before !== id) {
        if (timers.has(before)) schedule(before, 0);
        changed(before);
      }
      if (id !== null && texts.get(id)) changed(id);
    },
    preview: (id) => (id === open ? null : texts.get(id) || null),
    sync,
    async flush() {
      await eachOf([...(await localDrafts(store)).keys()], (id) => inTurn(id, () => push(id)));
    },
    close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** What was chosen to be sent and is not, in this tab: a page cannot keep files through a reload. */
import { signal } from "@preact/signals";
import type { ConversationId } from "../../app/ids.ts";
import type { FileLimits, FileOffer } from "../../app/files-view.ts";
import type { FilesModel, Outcome } from "../../app/models.ts";
import type { Failure } from "../kit/problem.tsx";

export interface TrayFile {
  readonly key: number;
  readonly file: File;
  /** what it is, or why it cannot be sent; null while that is looked at */
  readonly look: { readonly offer: FileOffer } | { readonly failure: Failure } | null;
}

export interface Tray {
  readonly files: readonly TrayFile[];
  /** all pixels of photos */
  readonly isFull: boolean;
  /** null until the server has said */
  readonly limits: FileLimits | null;
  /** more were chosen than fit */
  readonly isCut: boolean;
  /** they are being stored on this device */
  readonly isSending: boolean;
  readonly failure: Failure | null;
}

/** So many at once are looked over; each is a message. */
export const MOST_FILES = 20;

const EMPTY: Tray = {
  files: [],
  isFull: false,
  limits: null,
  isCut: false,
  isSending: false,
  failure: null,
};

const trays = signal<ReadonlyMap<ConversationId, Tray>>(new Map());
let lastKey = 0;

/** Reading it in a component makes the component follow it. */
export const trayOf = (conversation: ConversationId): Tray =>
  trays.value.get(conversation) ?? EMPTY;

export function changeTray(conversation: ConversationId, change: Partial<Tray>): void {
  const before = trays.peek().get(conversation) ?? EMPTY;
  trays.value = new Map(trays.peek()).set(conversation, { ...before, ...change });
}

const withLook = (conversation: ConversationId, key: number, outcome: Outcome<FileOffer>): void => {
  const look = outcome.ok ? { offer: outcome.value } : { failure: outcome };
  const { files } = trays.peek().get(conversation) ?? EMPTY;
  changeTray(conversation, {
    files: files.map((one) => (one.key === key ? { ...one, look } : one)),
  });
};

/** What may be sent here, asked for as soon as somebody means to. */
export async function askLimits(model: FilesModel, conversation: ConversationId): Promise<void> {
  const outcome = await model.limits(conversation).catch(() => null);
  if (outcome?.ok) changeTray(conversation, { limits: outcome.value });
}

/** Puts files into the tray of this conversation; each is looked at by its first bytes alone. */
export async function addFiles(
  model: FilesModel,
  conversation: ConversationId,
  chosen: readonly File[],
): Promise<void> {
  const before = trays.peek().get(conversation) ?? EMPTY;
  const added = chosen
    .slice(0, Math.max(0, MOST_FILES - before.files.length))
    .map((file): TrayFile => ({ key: (lastKey += 1), file, look: null }));
  changeTray(conversation, {
    files: [...before.files, ...added],
    isCut: added.length < chosen.length,
    failure: null,
  });
  if (before.limits === null) void askLimits(model, conversation);
  for (const { key, file } of added) {
    const outcome = await model
      .inspect(file, file.name)
      .catch((): Outcome<FileOffer> => ({ ok: false, problem: "internal" }));
    withLook(conversation, key, outcome);
  }
}

export function removeFile(conversation: ConversationId, key: number): void {
  const { files } = trays.peek().get(conversation) ?? EMPTY;
  const rest = files.filter((one) => one.key !== key);
  changeTray(conversation, { files: rest, isCut: false, failure: null });
}

/** Those of a tray that can be sent; null while one of them is looked at, or all of them are sent already. */
export function readyFiles(
  tray: Tray,
): readonly (TrayFile & { look: { offer: FileOffer } })[] | null {
  if (tray.isSending || tray.files.some(({ look }) => look === null)) return null;
  return tray.files.flatMap((one) =>
    one.look && "offer" in one.look ? [{ ...one, look: one.look }] : [],
  );
}

/**
 * Stores them as messages in their order, what was written with the last one, an answer with the first. What could not
 * be stored stays in the tray, and so does what stands behind it.
 */
export async function sendTray(
  model: FilesModel,
  conversation: ConversationId,
  caption: string,
  replyTo: number | undefined,
): Promise<Outcome> {
  const tray = trays.peek().get(conversation) ?? EMPTY;
  const ready = readyFiles(tray) ?? [];
  changeTray(conversation, { isSending: true, failure: null });
  try {
    for (const [at, { key, file, look }] of ready.entries()) {
      const outcome = await model
        .send(conversation, {
          file,
          name: look.offer.name,
          caption: at === ready.length - 1 ? caption.trim() : "",
          quality: tray.isFull && look.offer.quality === "either" ? "full" : qualityOf(look.offer),
          replyTo: at === 0 ? replyTo : undefined,
        })
        .catch((): Outcome<never> => ({ ok: false, problem: "internal" }));
      if (!outcome.ok) {
        changeTray(conversation, { failure: outcome });
        return outcome;
      }
      removeFile(conversation, key);
    }
    return { ok: true, value: null };
  } finally {
    changeTray(conversation, { isSending: false });
  }
}

const qualityOf = ({ quality }: FileOffer): "standard" | "full" =>
  quality === "full" ? "full" : "standard";

/** Another person may sign in on this tab. */
export function forgetTrays(): void {
  trays.value = new Map();
}

/** What components read and call. Implemented in client.ts over the engine; the page never sees keys. */
import type { ConversationId, MessageId, TemplateId } from "../../workers/protocol/ids.ts";
import type { ReadonlySignal } from "@preact/signals";
import type { DraftOffer, KeptDraft, TemplateView, Typed, UnsavedEdit } from "./drafts-view.ts";
import type { FileShape } from "../core/files/file-type.ts";
import type {
  FileAddress,
  FileLimits,
  FileOffer,
  GalleryPage,
  OutgoingFile,
  Transfer,
} from "./files-view.ts";
import type { Activity, Preferences } from "./attention-view.ts";
import type {
  AppState,
  Connection,
  ConversationDetails,
  ConversationSummary,
  LinkState,
  MuteUntil,
  StoreHealth,
  PractitionerInvitation,
  PreparedAccount,
  ProblemCode,
} from "./view.ts";
import type { ReadingPlace, Timeline } from "./timeline.ts";

/** Every action settles with one of these; components say what happened, what was kept, what to do. */
export type Outcome<T = null> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ProblemCode; readonly retryAfterMs?: number };

export interface OnboardingModel {
  /** Reads the link of the address bar; the fragment was taken out of the address before (I1). */
  open(link: string | null): Promise<Outcome<LinkState>>;
  prepare(input: {
    name: string;
    notice: string;
    passkey: boolean;
  }): Promise<Outcome<PreparedAccount>>;
  /** navigator.credentials.create; `passkey_cancelled` may be repeated */
  createPasskey(): Promise<Outcome<{ confirm: boolean }>>;
  /** navigator.credentials.get, a second gesture (K7); `again` asks for one more */
  confirmPasskey(): Promise<Outcome<{ again: boolean }>>;
  /** On to the recovery code. */
  withoutPasskey(): Promise<Outcome>;
  /** Creates the account and, for a patient, joins; the id is where to go next. */
  finish(): Promise<Outcome<{ conversation: ConversationId | null }>>;
  /** A patient who is signed in already joins with that account. */
  joinSignedIn(): Promise<Outcome<{ conversation: ConversationId }>>;
}

export interface SignInModel {
  /** `code`: signed in, but this passkey cannot open the history here; ask for the recovery code */
  withPasskey(): Promise<Outcome<{ next: "ready" | "code" }>>;
  withCode(code: string): Promise<Outcome>;
  signOut(): Promise<Outcome>;
}

export interface ConversationsModel {
  readonly list: ReadonlySignal<readonly ConversationSummary[]>;
  /** false until the local store was read; only then is "no conversations" true */
  readonly loaded: ReadonlySignal<boolean>;
  invitePatient(label: string): Promise<Outcome<{ conversation: ConversationId; link: string }>>;
  /** a new link for a conversation whose invitation expired or was withdrawn */
  inviteAgain(conversation: ConversationId): Promise<Outcome<{ link: string }>>;
  withdrawInvitation(conversation: ConversationId): Promise<Outcome>;
  /** These three hold at once, offline too; the account's other devices get them when this one is online. */
  setPinned(conversation: ConversationId, pinned: boolean): Promise<Outcome>;
  /** null: no longer muted */
  setMuted(conversation: ConversationId, until: MuteUntil | null): Promise<Outcome>;
  setArchived(conversations: readonly ConversationId[], archived: boolean): Promise<Outcome>;
}

export interface ConversationModel {
  readonly timeline: ReadonlySignal<Timeline | null>;
  readonly details: ReadonlySignal<ConversationDetails | null>;
  /** null until the conversation is open */
  readonly activity: ReadonlySignal<Activity | null>;
  /** At most one conversation is open in a tab; opening another closes it. null closes. */
  open(conversation: ConversationId | null): void;
  loadOlder(): void;
  loadNewer(): void;
  /** Shows the history around a quoted or found message; what is not stored here is fetched first. */
  showAt(seq: number): Promise<Outcome>;
  /** Shows the first message at or after this time. */
  showDate(time: number): Promise<Outcome>;
  showNewest(): void;
  /** Remembered on this device, sealed; null: at the newest message. */
  keepPlace(conversation: ConversationId, place: ReadingPlace | null): void;
  /** The reader saw everything up to this seq. */
  read(seq: number): void;
  /** The person is writing, or stopped; called at every key-press. */
  typing(on: boolean): void;
  /**
   * Queued at once and never dropped; resolves when it is stored on this device. What was kept as its draft is
   * then what is `left` in the box.
   */
  send(
    conversation: ConversationId,
    message: { readonly text: string; readonly left: Typed; readonly replyTo?: number | undefined },
  ): Promise<Outcome>;
  /** These three name the message by its seq; they are queued, and kept, like a message (M5). */
  edit(seq: number, text: string): Promise<Outcome>;
  deleteForEveryone(seq: number): Promise<Outcome>;
  /** null takes the own reaction back */
  react(seq: number, emoji: string | null): Promise<Outcome>;
  /** What stands in the composer, on whichever device it was written; empty when nothing does. */
  draftOf(conversation: ConversationId): Promise<KeptDraft>;
  /** Kept on this device, sealed, through reload and crash; the account's other devices get it in pauses. */
  saveDraft(conversation: ConversationId, text: string, seen: number): void;
  /** The message that was being written anew here when the page went. */
  unsavedEdit(conversation: ConversationId): Promise<Outcome<UnsavedEdit | null>>;
  /** Kept on this device, sealed, through reload and crash. null: none is under way. */
  keepEdit(conversation: ConversationId, edit: UnsavedEdit | null): void;
  /** the newest change of a draft that was not made in this tab */
  readonly draftOffer: ReadonlySignal<DraftOffer | null>;
  retry(id: MessageId): Promise<Outcome>;
  discard(id: MessageId): Promise<Outcome>;
}

/** Files of conversations. Retry and discard of what is on its way are those of every message. */
export interface FilesModel {
  /** what is going up and down, by message */
  readonly transfers: ReadonlySignal<ReadonlyMap<MessageId, Transfer>>;
  limits(conversation: ConversationId): Promise<Outcome<FileLimits>>;
  /** What a chosen file is, or why it cannot be sent, by its first bytes. */
  inspect(file: Blob, name: string): Promise<Outcome<FileOffer>>;
  /** Resolves when it is kept on this device, to be sent; false: only as long as this tab lives. */
  send(
    conversation: ConversationId,
    outgoing: OutgoingFile,
  ): Promise<Outcome<{ readonly resumable: boolean }>>;
  forward(
    from: FileAddress,
    to: ConversationId,
    caption: string,
  ): Promise<Outcome<{ readonly resumable: boolean }>>;
  /** Verified before it is given. Its type is that of an image or of audio, else that of mere bytes. */
  open(address: FileAddress): Promise<Outcome<Blob>>;
  /** Nobody waits for its download any more. */
  leave(id: MessageId): void;
  /** Newest first, from before this place. */
  gallery(
    conversation: ConversationId,
    shape: FileShape | null,
    before: number | null,
  ): Promise<Outcome<GalleryPage>>;
}

/** A recording that can be sent. */
export interface VoiceNote {
  readonly file: Blob;
  readonly seconds: number;
  /** a byte for each bar, 255 the loudest */
  readonly waveform: Uint8Array;
}

/** A recording under way. */
export interface VoiceRecording {
  /** how loud it is now, from 0 to 1 */
  level(): number;
  /** seconds so far */
  seconds(): number;
  finish(): Promise<Outcome<VoiceNote>>;
  /** Nothing of it is kept. */
  cancel(): void;
  /** resolves when the microphone was lost; what was recorded until then is still there to finish */
  readonly lost: Promise<void>;
}

export interface VoiceModel {
  /** Whether this browser can record at all. */
  readonly isPossible: boolean;
  /** Asks for the microphone, and records. */
  record(): Promise<Outcome<VoiceRecording>>;
}

export interface PractitionersModel {
  readonly invitations: ReadonlySignal<readonly PractitionerInvitation[] | null>;
  refresh(): Promise<Outcome>;
  invite(publicName: string): Promise<Outcome<{ link: string }>>;
}

/** Texts that a practitioner writes often, on all their devices. Changing them needs a connection. */
export interface TemplatesModel {
  readonly list: ReadonlySignal<readonly TemplateView[]>;
  /** A template without an id is a new one. */
  save(template: { id: TemplateId | null; name: string; text: string }): Promise<Outcome>;
  remove(id: TemplateId): Promise<Outcome>;
}

export interface BuildModel {
  /** a newer build of the app is ready; it comes only by `reload` */
  readonly newer: ReadonlySignal<boolean>;
  /** Loads the page again; what stands in the composers is kept. */
  reload(): Promise<void>;
}

export interface PreferencesModel {
  /** null until the local store was read */
  readonly current: ReadonlySignal<Preferences | null>;
  /** Holds at once, offline too; the account's other devices get it when this one is online. */
  set(change: Partial<Preferences>): Promise<Outcome>;
}

/** What is to be said of this device itself. */
export interface DeviceModel {
  readonly store: ReadonlySignal<StoreHealth>;
  /** T1: by more than the app corrects; nothing is signed until it is set */
  readonly clockAhead: ReadonlySignal<boolean>;
  /** T1: milliseconds by which its clock is set back; every decision about time goes by that */
  readonly aheadBy: ReadonlySignal<number>;
  /** K2: another device was signed out so that this one could sign in */
  readonly madeRoom: ReadonlySignal<boolean>;
}

export interface Models {
  readonly app: ReadonlySignal<AppState>;
  readonly connection: ReadonlySignal<Connection>;
  readonly device: DeviceModel;
  readonly passkeys: boolean;
  readonly onboarding: OnboardingModel;
  readonly signIn: SignInModel;
  readonly conversations: ConversationsModel;
  readonly conversation: ConversationModel;
  readonly files: FilesModel;
  readonly voice: VoiceModel;
  readonly practitioners: PractitionersModel;
  readonly templates: TemplatesModel;
  readonly build: BuildModel;
  readonly preferences: PreferencesModel;
}

/** Messages between the page and the engine's Web Worker. */
import type { ConversationId, MessageId, TemplateId } from "../../workers/protocol/ids.ts";
import type { Attestation } from "../../workers/protocol/http/accounts.ts";
import type { Assertion } from "../../workers/protocol/http/sessions.ts";
import type { Outcome } from "./models.ts";
import type { TimelineUpdate } from "./timeline-update.ts";
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
  PasskeyCreation,
  PractitionerInvitation,
  PreparedAccount,
  StoreHealth,
} from "./view.ts";
import type { ReadingPlace } from "./timeline.ts";
import type { Unstored } from "./unstored.ts";

/** What the page asks of the engine; each is answered by an Outcome. */
export interface Commands {
  /** the page hears the system's online and offline events; not every browser tells workers */
  network(online: boolean): null;
  openLink(link: string): LinkState;
  prepareAccount(input: { name: string; notice: string }): PreparedAccount;
  /** asked for at the gesture, for a challenge lives five minutes and storing a kit may take longer */
  passkeyCreation(): PasskeyCreation;
  passkeyCreated(input: { credential: Attestation; prf: Uint8Array | null }): { confirm: boolean };
  passkeyConfirmed(input: { prf: Uint8Array | null }): { again: boolean };
  finishAccount(): { conversation: ConversationId | null };
  joinSignedIn(): { conversation: ConversationId };
  passkeyChallenge(): { challenge: string; rpId: string; salt: Uint8Array };
  signInPasskey(input: { credential: Assertion; prf: Uint8Array | null }): {
    next: "ready" | "code";
  };
  signInCode(code: string): null;
  signOut(): null;
  invitePatient(label: string): { conversation: ConversationId; link: string };
  inviteAgain(conversation: ConversationId): { link: string };
  withdrawInvitation(conversation: ConversationId): null;
  setPinned(input: { conversation: ConversationId; pinned: boolean }): null;
  setMuted(input: { conversation: ConversationId; until: MuteUntil | null }): null;
  setArchived(input: { conversations: readonly ConversationId[]; archived: boolean }): null;
  openConversation(conversation: ConversationId | null): null;
  loadOlder(): null;
  loadNewer(): null;
  showAt(seq: number): null;
  showDate(time: number): null;
  showNewest(): null;
  keepPlace(input: { conversation: ConversationId; place: ReadingPlace | null }): null;
  markRead(seq: number): null;
  /** the person is writing in the open conversation, or stopped */
  typing(on: boolean): null;
  /** whether the page can be seen */
  visible(on: boolean): null;
  setPreferences(change: Partial<Preferences>): null;
  /**
   * `left`: what stands in the box behind the text, and stays there; `key`: under the same one a message is stored
   * once, however often it is asked for
   */
  send(input: {
    key: string;
    conversation: ConversationId;
    text: string;
    left: Typed;
    replyTo?: number;
  }): null;
  editMessage(input: { conversation: ConversationId; seq: number; text: string }): null;
  deleteMessage(input: { conversation: ConversationId; seq: number }): null;
  react(input: { conversation: ConversationId; seq: number; emoji: string | null }): null;
  draftOf(conversation: ConversationId): KeptDraft;
  saveDraft(input: { conversation: ConversationId; text: string; seen: number }): null;
  unsavedEdit(conversation: ConversationId): UnsavedEdit | null;
  keepEdit(input: { conversation: ConversationId; edit: UnsavedEdit | null }): null;
  /** for this account on this device alone; a page that ends leaves it where it can */
  sealUnstored(entry: Unstored): Uint8Array;
  /**
   * what a page left is stored now, unless it was stored after all; what does not open is let go, and what could not
   * be stored comes back
   */
  recoverUnstored(sealed: readonly Uint8Array[]): readonly Uint8Array[];
  /** a template without an id is a new one */
  saveTemplate(input: { id: TemplateId | null; name: string; text: string }): null;
  removeTemplate(id: TemplateId): null;
  retry(id: MessageId): null;
  discard(id: MessageId): null;
  fileLimits(conversation: ConversationId): FileLimits;
  /** What it is, by its first bytes; refused here if it may not be sent. */
  inspectFile(input: { file: Blob; name: string }): FileOffer;
  /** Stored when this is answered; `resumable`: it goes on after this tab has ended. `key`: as for `send`. */
  sendFile(input: { key: string; conversation: ConversationId; outgoing: OutgoingFile }): {
    resumable: boolean;
  };
  /** Encrypted anew, under a key of its own. */
  forwardFile(input: { key: string; from: FileAddress; to: ConversationId; caption: string }): {
    resumable: boolean;
  };
  /** Verified; images and audio with their type, everything else as bytes that no browser opens. */
  openFile(address: FileAddress): Blob;
  /** A download that nobody waits for any more. */
  leaveFile(id: MessageId): null;
  files(input: {
    conversation: ConversationId;
    shape: FileShape | null;
    before: number | null;
  }): GalleryPage;
  practitionerInvitations(): readonly PractitionerInvitation[];
  invitePractitioner(publicName: string): { link: string };
}

export type CommandName = keyof Commands;
export type Input<Name extends CommandName> = Parameters<Commands[Name]>[0];
export type Result<Name extends CommandName> = ReturnType<Commands[Name]>;

/** The engine's side of every command. */
export type CommandHandlers = {
  readonly [Name in CommandName]: (input: Input<Name>) => Promise<Result<Name>>;
};

export type ToEngine = {
  readonly [Name in CommandName]: {
    readonly id: number;
    readonly name: Name;
    readonly input: Input<Name>;
  };
}[CommandName];

export type EngineEvent =
  | { readonly type: "app"; readonly state: AppState }
  | { readonly type: "store"; readonly health: StoreHealth }
  /** T1: how far this device's clock is set back, in milliseconds, and whether it is ahead by more than that */
  | { readonly type: "clock"; readonly aheadBy: number; readonly isBeyond: boolean }
  /** K2: this sign-in revoked the device that was unseen longest */
  | { readonly type: "made-room" }
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "conversations"; readonly list: readonly ConversationSummary[] }
  | {
      readonly type: "activity";
      readonly conversation: ConversationId;
      readonly activity: Activity;
    }
  | { readonly type: "preferences"; readonly preferences: Preferences }
  | { readonly type: "timeline"; readonly timeline: TimelineUpdate | null }
  | { readonly type: "details"; readonly details: ConversationDetails | null }
  | { readonly type: "transfer"; readonly transfer: Transfer; readonly isOver: boolean }
  | { readonly type: "draft"; readonly offer: DraftOffer }
  | { readonly type: "templates"; readonly templates: readonly TemplateView[] };

export type FromEngine =
  | { readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly event: EngineEvent };

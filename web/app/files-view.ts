/** Files as the page sees them and asks for them. */
import type { ConversationId, MessageId } from "../../workers/protocol/ids.ts";
import type { FileMention } from "../core/files/file-mention.ts";
import type { FileKind, FileType } from "../core/files/file-type.ts";

/** The file of a message; what its author wrote with it is the message's text. */
export interface FileView {
  readonly kind: FileKind;
  readonly type: FileType;
  /** without path or anything that hides parts of it, and ending as its type does */
  readonly name: string;
  /** bytes */
  readonly size: number;
  /** of images that could be measured; `thumb` is a thumbhash, shown until the picture is here */
  readonly image?: { readonly width: number; readonly height: number; readonly thumb: Uint8Array };
  /** of what was recorded here; `waveform`: a byte for each bar, 255 the loudest */
  readonly audio?: { readonly seconds: number; readonly waveform?: Uint8Array };
  /**
   * only while it is on its way from this device: its copy is in the memory of one tab (private browsing), and ends
   * with it
   */
  readonly isVolatile?: true;
}

/** What a quote says of a file; the text beside it is what was written with it, which may be nothing. */
export interface QuotedFile extends FileMention {
  /** thumbhash of a picture */
  readonly thumb?: Uint8Array;
}

/** How far a file of this device is, up or down. */
export interface Transfer {
  readonly id: MessageId;
  readonly direction: "up" | "down";
  /** bytes */
  readonly done: number;
  readonly total: number;
  /** null until it can be told */
  readonly secondsLeft: number | null;
}

/** Bytes. What the server holds of a conversation's and an account's files. */
export interface FileLimits {
  /** largest file that may be sent here */
  readonly file: number;
  readonly conversation: { readonly used: number; readonly limit: number };
  /** of all conversations of their owner; null: that is somebody else */
  readonly account: { readonly used: number; readonly limit: number } | null;
}

/** What a chosen file is, told before it is read whole. */
export interface FileOffer {
  readonly kind: FileKind;
  /** as it will be sent: a HEIC that this browser decodes is a JPEG then */
  readonly type: FileType;
  readonly name: string;
  readonly size: number;
  readonly image: { readonly width: number; readonly height: number } | null;
  /** PDF and office files keep what their program noted in them: author, company, earlier versions */
  readonly keepsMetadata: boolean;
  /** whether it can be sent with all its pixels; an animation always is, and what this browser alone decodes never */
  readonly quality: "either" | "full" | "standard" | "none";
}

/** A file to be sent. */
export interface OutgoingFile {
  readonly file: Blob;
  readonly name: string;
  readonly caption: string;
  /** `standard`: images are made smaller, 2,048 pixels at most; `full`: all pixels, and never what was noted beside them */
  readonly quality: "standard" | "full";
  /** recorded here */
  readonly voice?: { readonly seconds: number; readonly waveform: Uint8Array };
  readonly replyTo?: number | undefined;
}

/** One file of a conversation's gallery. */
export interface GalleryRow {
  readonly id: MessageId;
  readonly seq: number;
  readonly at: number;
  /** "2026-11", by this device's time zone */
  readonly month: string;
  readonly sender: { readonly name: string; readonly own: boolean };
  readonly file: FileView;
  readonly caption: string;
}

/** Newest first. */
export interface GalleryPage {
  readonly rows: readonly GalleryRow[];
  /** what to ask for next; null: this is all that is stored on this device */
  readonly before: number | null;
  /** false: the server has older history that was never loaded here */
  readonly isWhole: boolean;
}

/** A message with a file: by its place, or by its id while it has none. */
export interface FileAddress {
  readonly conversation: ConversationId;
  readonly message: number | MessageId;
}

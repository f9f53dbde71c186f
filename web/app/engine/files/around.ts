import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { FileBody } from "../../../core/files/file-body.ts";
import type { FileCrypto } from "../../../core/files/cipher.ts";
import type { Copies } from "../../../platform/files/copies.ts";
import type { FileTransport } from "../../../platform/files/transport.ts";
import type { Transfer } from "../../files-view.ts";
import type { Deps } from "../store/deps.ts";
import type { OutboxRecord } from "../store/records.ts";

/** What everything about files works with. */
export interface FilesAround {
  readonly deps: Deps;
  readonly crypto: FileCrypto;
  readonly copies: Copies;
  readonly transport: FileTransport;
  /** a session that ended is renewed; requests for bytes do not do it by themselves */
  readonly renew: () => Promise<void>;
  readonly tell: (transfer: Transfer, isOver: boolean) => void;
  /** something of this conversation changed in the store */
  readonly changed: (id: ConversationId) => void;
  /** what is queued there may go out */
  readonly flush: (id: ConversationId) => void;
  readonly pause: (ms: number) => Promise<void>;
  /** as the system says: whether it is worth while to try again without a new contact */
  readonly online: () => boolean;
}

/** Copies are made and recorded while this is held by many, and tidied while it is held alone. */
export const COPIES_LOCK = "thyme/copies";

/** A message on its way whose file is not at the server yet. */
export type FileEntry = OutboxRecord & { readonly body: FileBody & { readonly kind: "file" } };

export const isFileEntry = (entry: OutboxRecord): entry is FileEntry => entry.body.kind === "file";

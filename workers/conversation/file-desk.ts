import { DurableObject } from "cloudflare:workers";
import type { Answer } from "../objects/answer.ts";
import type { PeerIdentity } from "../objects/peer-identity.ts";
import type { Core } from "./core.ts";
import { answer } from "./requests/answer.ts";
import { type ServedBlob, type StorageUse, served, storageUse } from "./requests/files.ts";
import { readerOf } from "./requests/reader.ts";
import {
  type Offered,
  type Slot,
  type Stored,
  type UploadState,
  Uploads,
} from "./requests/uploads.ts";

/** What a Conversation answers about files (F1, F2): wiring, as it is itself. RPC finds what a class inherits. */
export abstract class FileDesk extends DurableObject<Cloudflare.Env> {
  abstract readonly core: Core;
  #uploads: Uploads | null = null;

  get #desk(): Uploads {
    this.#uploads ??= new Uploads(this.core);
    return this.#uploads;
  }

  /** POST /api/conversations/:id/uploads. */
  beginUpload(who: PeerIdentity, blob: Uint8Array, bytes: number): Promise<Answer<UploadState>> {
    return answer(() => this.#desk.begin(readerOf(this.core, who), blob, bytes));
  }

  /** PUT .../parts/:part, before its bytes go to R2; null: R2 has it. */
  slotFor(who: PeerIdentity, blob: Uint8Array, offered: Offered): Promise<Answer<Slot | null>> {
    return answer(() => this.#desk.slotFor(readerOf(this.core, who), blob, offered));
  }

  /** PUT .../parts/:part, once R2 has it. */
  tookPart(who: PeerIdentity, blob: Uint8Array, stored: Stored): Promise<Answer<null>> {
    return answer(() => this.#desk.took(readerOf(this.core, who), blob, stored));
  }

  /** R2 knows this multipart upload no more. */
  lostUpload(who: PeerIdentity, blob: Uint8Array, upload: string): Promise<Answer<null>> {
    return answer(() => {
      readerOf(this.core, who);
      return this.#desk.lost(blob, upload);
    });
  }

  /** POST .../finish. */
  finishUpload(who: PeerIdentity, blob: Uint8Array): Promise<Answer<null>> {
    return answer(() => this.#desk.finish(readerOf(this.core, who), blob));
  }

  /** DELETE /api/conversations/:id/uploads/:blob. */
  cancelUpload(who: PeerIdentity, blob: Uint8Array): Promise<Answer<null>> {
    return answer(() => this.#desk.cancel(readerOf(this.core, who), blob));
  }

  /** GET /api/conversations/:id/blobs/:blob: where R2 has it. */
  served(who: PeerIdentity, blob: Uint8Array): Promise<Answer<ServedBlob>> {
    return answer(async () => {
      readerOf(this.core, who);
      return await Promise.resolve(served(this.core, blob));
    });
  }

  /** GET /api/conversations/:id/storage. */
  storageUse(who: PeerIdentity): Promise<Answer<StorageUse>> {
    return answer(() => storageUse(this.core, readerOf(this.core, who)));
  }
}

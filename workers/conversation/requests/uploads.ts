import { blobKey } from "../../attachments/bucket.ts";
import { refusalOf } from "../../http/failure.ts";
import type { Peer } from "../../objects/peer.ts";
import { toBase64url } from "../../protocol/bytes.ts";
import { type ErrorCode, ProtocolError } from "../../protocol/errors.ts";
import { partCount } from "../../protocol/file-layout.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Core } from "../core.ts";
import {
  type StoredBlob,
  decideBegin,
  decideCancel,
  decideFinish,
  decidePart,
} from "../rules/upload.ts";
import { TUNING } from "../settings.ts";
import { reserve } from "../upkeep/file-total.ts";

/** Where an upload stands. */
export interface UploadState {
  readonly taken: number[];
  readonly isComplete: boolean;
}

/** Where a part may be stored; `upload` null: it is the whole file. */
export interface Slot {
  readonly key: string;
  readonly upload: string | null;
}

/** A part as it is offered. */
export interface Offered {
  readonly part: number;
  readonly length: number;
}

/** A part that R2 has. */
export interface Stored {
  readonly part: number;
  /** of the slot that it was stored in */
  readonly upload: string | null;
  readonly etag: string;
}

const refused = (refusal: { readonly error: ErrorCode; readonly retryAfterMs?: number }) =>
  new ProtocolError(refusal.error, "upload", refusal.retryAfterMs);

/**
 * Uploads, from their announcement to one blob (F1, A6). Bytes go from the Worker to R2 and never through here; what
 * R2 has of them is noted afterwards, so that after a crash anywhere a part is at worst sent again.
 */
export class Uploads {
  readonly #core: Core;
  readonly #creating = new Map<string, Promise<string>>();
  /** how often R2 has failed to make a blob */
  readonly #failures = new Map<string, number>();
  readonly #finishing = new Map<string, Promise<void>>();

  constructor(core: Core) {
    this.#core = core;
  }

  #keyOf(blob: Uint8Array): string {
    return blobKey(this.#core.get().conversation, blob);
  }

  /** Members alone upload. Throws `not_found`, `rate_limited`. */
  #admit(peer: Peer, cost: number): void {
    const core = this.#core;
    if (core.standing(peer).kind !== "member") throw new ProtocolError("not_found");
    const wait = core.limiter.charge(peer.device, peer.who.address, cost, core.deps.now());
    if (wait > 0) throw new ProtocolError("rate_limited", "uploads", wait);
  }

  #stateOf({ blob, phase }: StoredBlob): UploadState {
    const taken = this.#core.stores.blobs.parts(blob).map(({ part }) => part);
    return { taken, isComplete: phase === "complete" };
  }

  /** Announces a file, or says where it stands. Throws what decideBegin and `reserve` refuse. */
  async begin(peer: Peer, blob: Uint8Array, bytes: number): Promise<UploadState> {
    this.#admit(peer, TUNING.uploadCost);
    const core = this.#core;
    const { account } = peer.who;
    const now = core.deps.now();
    const decision = core.transact(() => {
      const { blobs } = core.stores;
      const asked = { account, bytes };
      const decided = decideBegin(blobs.get(blob), blobs.here(), asked, core.budgets, now);
      if (decided.kind !== "announce") return decided;
      for (const idle of decided.letGo) blobs.end(idle, now);
      const unbound = { upload: null, seq: null, message: null };
      blobs.put({ blob, account, bytes, phase: "reserving", at: now, ...unbound });
      return decided;
    });
    if (decision.kind === "refuse") throw refused(decision);
    if (decision.kind !== "known") {
      // Stored with what was announced: whatever crashes from here on is seen to.
      core.wakeAt(now + TUNING.uploadIdleMs);
      await reserve(core, blob);
    }
    const known = core.stores.blobs.get(blob);
    if (!known) throw new ProtocolError("blob_gone", "upload");
    return this.#stateOf(known);
  }

  /** Whether a part is to be stored, and where; null: it is stored already. */
  async slotFor(peer: Peer, blob: Uint8Array, { part, length }: Offered): Promise<Slot | null> {
    this.#admit(peer, TUNING.partCost);
    const { blobs } = this.#core.stores;
    const known = blobs.get(blob);
    const isTaken = blobs.parts(blob).some((stored) => stored.part === part);
    const decision = decidePart(known, peer.who.account, { number: part, length, isTaken });
    if (decision.kind === "refuse") throw refused(decision);
    if (decision.kind === "have" || !known) return null;
    const key = this.#keyOf(blob);
    if (partCount(known.bytes) === 1) return { key, upload: null };
    return { key, upload: known.upload ?? (await this.#create(blob, key)) };
  }

  /** The multipart upload of a file; its parts come side by side and want the same one. */
  #create(blob: Uint8Array, key: string): Promise<string> {
    const name = toBase64url(blob);
    const running = this.#creating.get(name);
    if (running) return running;
    const creating = this.#createNow(blob, key).finally(() => this.#creating.delete(name));
    this.#creating.set(name, creating);
    return creating;
  }

  async #createNow(blob: Uint8Array, key: string): Promise<string> {
    const core = this.#core;
    let upload: string;
    try {
      upload = await core.deps.blobs.create(key);
    } catch (error) {
      throw refusalOf(error, "upload");
    }
    const isWanted = core.transact(() => {
      const known = core.stores.blobs.get(blob);
      if (known?.phase !== "open") return false;
      core.stores.blobs.put({ ...known, upload });
      return true;
    });
    if (isWanted) return upload;
    // Cancelled meanwhile. What cannot be let go here R2 lets go by itself.
    await core.deps.blobs.abort(key, upload).catch(() => null);
    throw new ProtocolError("blob_gone", "upload");
  }

  /** Notes a part that R2 has. Throws `blob_gone` or `upload_incomplete` if it came too late to count. */
  took(peer: Peer, blob: Uint8Array, { part, upload, etag }: Stored): Promise<null> {
    const core = this.#core;
    const now = core.deps.now();
    const late = core.transact((): ErrorCode | null => {
      const { blobs } = core.stores;
      const known = blobs.get(blob);
      if (known?.phase === "complete") return null;
      if (known?.phase === "open") {
        if (known.upload !== upload) return "upload_incomplete";
        blobs.putPart(blob, { part, etag });
        blobs.put({ ...known, at: now });
        return null;
      }
      // It ended while the part was on its way: what R2 got by that is deleted again.
      const none = { blob, account: peer.who.account, bytes: 0, upload: null };
      blobs.put({ ...none, ...known, phase: "ended", at: now, seq: null, message: null });
      return "blob_gone";
    });
    core.wakeAt(now + (late ? TUNING.soonMs : LIMITS.uploadMs));
    if (late) throw new ProtocolError(late, "part");
    return Promise.resolve(null);
  }

  /** R2 knows the multipart upload no more: all of its parts come again, in another one. */
  async lost(blob: Uint8Array, upload: string): Promise<null> {
    const known = this.#core.stores.blobs.get(blob);
    if (known?.phase === "open" && known.upload === upload) await this.#startOver(known);
    return null;
  }

  async #startOver({ blob, upload }: StoredBlob): Promise<void> {
    const core = this.#core;
    if (upload !== null) await core.deps.blobs.abort(this.#keyOf(blob), upload);
    core.transact(() => {
      const known = core.stores.blobs.get(blob);
      if (known?.phase !== "open" || known.upload !== upload) return;
      core.stores.blobs.forgetParts(blob);
      core.stores.blobs.put({ ...known, upload: null });
    });
  }

  /** Makes one blob of the parts. Throws what decideFinish refuses, `upload_incomplete`, `unavailable`. */
  async finish(peer: Peer, blob: Uint8Array): Promise<null> {
    this.#admit(peer, TUNING.uploadCost);
    const { blobs } = this.#core.stores;
    const known = blobs.get(blob);
    const parts = blobs.parts(blob);
    const numbers = parts.map(({ part }) => part);
    const decision = decideFinish(known, peer.who.account, numbers);
    if (decision.kind === "refuse") throw refused(decision);
    if (decision.kind === "done" || !known) return null;
    const name = toBase64url(blob);
    const running = this.#finishing.get(name) ?? this.#assemble(known, name);
    this.#finishing.set(name, running);
    await running.finally(() => this.#finishing.delete(name));
    return null;
  }

  async #assemble(known: StoredBlob, name: string): Promise<void> {
    const core = this.#core;
    core.assembling.add(name);
    try {
      const size = await this.#made(known);
      if (size !== known.bytes) {
        await this.#startOver(known);
        throw new ProtocolError("upload_incomplete", "finish");
      }
      const isDone = core.transact(() => {
        const now = core.stores.blobs.get(known.blob);
        if (now?.phase === "complete") return true;
        if (now?.phase !== "open") return false;
        core.stores.blobs.forgetParts(known.blob);
        core.stores.blobs.put({ ...now, bytes: size, phase: "complete", upload: null });
        return true;
      });
      if (!isDone) throw new ProtocolError("blob_gone", "finish");
    } catch (error) {
      throw refusalOf(error, "upload");
    } finally {
      core.assembling.delete(name);
    }
  }

  /** Bytes of the object that R2 has made, perhaps before a crash; null: it has none. */
  async #made({ blob, upload }: StoredBlob): Promise<number | null> {
    const { deps, stores } = this.#core;
    const key = this.#keyOf(blob);
    let failure: unknown = null;
    try {
      if (upload) await deps.blobs.complete(key, upload, stores.blobs.parts(blob));
    } catch (error) {
      failure = error;
    }
    const size = await deps.blobs.size(key);
    if (size !== null || failure === null) return size;
    // R2 answers, but not to this: an upload that it let go may look like that too, so that it is tried a few times.
    const name = toBase64url(blob);
    const failures = (this.#failures.get(name) ?? 0) + 1;
    this.#failures.set(name, failures % TUNING.finishTries);
    if (failures < TUNING.finishTries) throw failure;
    return null;
  }

  /** Gives a file up that no message names. Throws what decideCancel refuses. */
  cancel(peer: Peer, blob: Uint8Array): Promise<null> {
    this.#admit(peer, TUNING.uploadCost);
    const core = this.#core;
    const now = core.deps.now();
    const decision = core.transact(() => {
      const decided = decideCancel(core.stores.blobs.get(blob), peer.who.account);
      if (decided.kind === "end") core.stores.blobs.end(blob, now);
      return decided;
    });
    if (decision.kind === "refuse") throw refused(decision);
    core.wakeAt(now + TUNING.soonMs);
    return Promise.resolve(null);
  }
}

import { FileError } from "../../core/files/refused.ts";

/** `sending`: until its message is at the server; `cache`: what need not be fetched again. */
export type CopyPlace = "sending" | "cache";

/** A copy that is written, from its beginning to its end. */
export interface CopyWriter {
  /** Throws FileError `device_full`. */
  write(bytes: Uint8Array): Promise<void>;
  /** It is stored: a crash finds all of it. */
  finish(): Promise<void>;
  /** Nothing of it stays. */
  drop(): Promise<void>;
}

export interface CopyFacts {
  readonly name: string;
  readonly size: number;
  /** milliseconds; when it was written */
  readonly at: number;
}

/** F1: encrypted files on this device, by the ids of their blobs. What is written here is sealed before. */
export interface Copies {
  /** false: in the memory of this tab, and bounded */
  readonly isDurable: boolean;
  create(place: CopyPlace, name: string): Promise<CopyWriter>;
  /** Read where it lies; null: there is none. */
  open(place: CopyPlace, name: string): Promise<Blob | null>;
  remove(place: CopyPlace, name: string): Promise<void>;
  list(place: CopyPlace): Promise<readonly CopyFacts[]>;
}

/** Left free for everything else that the browser keeps of us. */
const MARGIN = 16 * 1024 * 1024;

/** F1: asked before anything is written. Throws FileError `device_full`; a browser that does not say has room. */
export async function checkRoom(bytes: number): Promise<void> {
  const { quota, usage } = await navigator.storage.estimate().catch(() => ({}) as StorageEstimate);
  if (quota === undefined || usage === undefined) return;
  if (usage + bytes + MARGIN > quota) throw new FileError("device_full", `${quota - usage}`);
}

export const isFull = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "QuotaExceededError";

import { FileError } from "../../core/files/refused.ts";
import { type Copies, type CopyPlace, type CopyWriter, isFull } from "./copies.ts";

const FOLDER = "files";

const isMissing = (error: unknown): boolean =>
  error instanceof DOMException &&
  (error.name === "NotFoundError" || error.name === "TypeMismatchError");

/** The browser's limit is told as what it is. */
function orFull(error: unknown): never {
  throw isFull(error) ? new FileError("device_full") : error;
}

/** What only dedicated workers have (File System, section 2.7). */
interface SyncHandle {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

const isSyncable = (file: object): file is { createSyncAccessHandle(): Promise<SyncHandle> } =>
  "createSyncAccessHandle" in file;

async function writerOf(folder: FileSystemDirectoryHandle, name: string): Promise<CopyWriter> {
  const file = await folder.getFileHandle(name, { create: true });
  if (!isSyncable(file)) throw new TypeError("no synchronous files");
  const handle = await file.createSyncAccessHandle();
  let at = 0;
  handle.truncate(0);
  const close = async (): Promise<void> => {
    handle.close();
  };
  return {
    async write(bytes) {
      try {
        const written = handle.write(bytes.slice(), { at });
        // Where the disk is full some browsers write what still fits and say nothing.
        if (written !== bytes.length) throw new FileError("device_full");
        at += written;
      } catch (error) {
        orFull(error);
      }
    },
    async finish() {
      try {
        handle.flush();
      } catch (error) {
        orFull(error);
      }
      await close();
    },
    async drop() {
      await close();
      await folder.removeEntry(name).catch(() => undefined);
    },
  };
}

/** F1: in the origin-private file system. Throws where the browser has none, as in private windows of some. */
export async function openPrivateCopies(): Promise<Copies> {
  const root = await navigator.storage.getDirectory();
  const own = await root.getDirectoryHandle(FOLDER, { create: true });
  const places: Record<CopyPlace, FileSystemDirectoryHandle> = {
    sending: await own.getDirectoryHandle("sending", { create: true }),
    cache: await own.getDirectoryHandle("cache", { create: true }),
  };
  // What cannot be written is of no use: some browsers say so only here.
  const probe = `probe-${crypto.randomUUID()}`;
  await (await writerOf(places.cache, probe)).drop();
  return {
    isDurable: true,
    create: (place, name) => writerOf(places[place], name).catch(orFull),
    async open(place, name) {
      try {
        return await (await places[place].getFileHandle(name)).getFile();
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async remove(place, name) {
      try {
        await places[place].removeEntry(name);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
    async list(place) {
      const found: { name: string; size: number; at: number }[] = [];
      for await (const [name, entry] of places[place].entries()) {
        if (!(entry instanceof FileSystemFileHandle)) continue;
        const { size, lastModified } = await entry.getFile();
        found.push({ name, size, at: lastModified });
      }
      return found;
    },
  };
}

/** Nothing of anybody's files stays (sign-out). */
export async function removePrivateCopies(): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(FOLDER, { recursive: true });
  } catch {
    // There is none, or another tab still writes: what is there is sealed, and its keys are gone.
  }
}

/** What the engine's worker does with copies, asked by a test: a page has no synchronous files. */
import { createMemoryCopies } from "./memory-copies.ts";
import { checkRoom } from "./copies.ts";
import { openPrivateCopies, removePrivateCopies } from "./private-copies.ts";

export type CopyReport = Readonly<Record<string, unknown>>;

const textOf = async (blob: Blob | null): Promise<string | null> => (blob ? blob.text() : null);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function disk(): Promise<CopyReport> {
  const copies = await openPrivateCopies();
  const writer = await copies.create("sending", "one");
  await writer.write(bytesOf("hello "));
  await writer.write(bytesOf("world"));
  await writer.finish();
  const dropped = await copies.create("sending", "two");
  await dropped.write(bytesOf("half"));
  await dropped.drop();
  const again = await openPrivateCopies();
  const written = await textOf(await again.open("sending", "one"));
  const shorter = await copies.create("sending", "one");
  await shorter.write(bytesOf("bye"));
  await shorter.finish();
  const listed = (await again.list("sending")).map(({ name, size }) => ({ name, size }));
  const cached = await again.list("cache");
  const report = {
    isDurable: copies.isDurable,
    written,
    overwritten: await textOf(await again.open("sending", "one")),
    dropped: await textOf(await again.open("sending", "two")),
    otherPlace: await textOf(await again.open("cache", "one")),
    listed,
    cached,
  };
  await again.remove("sending", "one");
  await again.remove("sending", "one");
  const removed = await textOf(await again.open("sending", "one"));
  await removePrivateCopies();
  return { ...report, removed };
}

/** What lib.dom does not describe, since pages have none. */
const syncPrototype = (): { write: () => number } =>
  Reflect.get(Reflect.get(self, "FileSystemSyncAccessHandle"), "prototype");

async function full(): Promise<CopyReport> {
  const problemOf = (error: unknown): unknown =>
    error instanceof Error && "problem" in error ? error.problem : String(error);
  const copies = await openPrivateCopies();
  const proto = syncPrototype();
  const { write } = proto;
  const refusals: unknown[] = [];
  for (const broken of [
    () => {
      throw new DOMException("", "QuotaExceededError");
    },
    () => 1,
  ]) {
    proto.write = broken;
    const writer = await copies.create("sending", "full");
    refusals.push(await writer.write(bytesOf("hello")).then(() => "written", problemOf));
    proto.write = write;
    await writer.drop();
  }
  const estimate = async (quota: number, bytes: number) => {
    Object.defineProperty(navigator.storage, "estimate", {
      configurable: true,
      value: async () => ({ quota, usage: 10 }),
    });
    return checkRoom(bytes).then(() => "room", problemOf);
  };
  const mib = 1024 * 1024;
  const left = (await copies.list("sending")).length;
  await removePrivateCopies();
  const rooms = [await estimate(20 * mib, 1 * mib), await estimate(20 * mib, 4 * mib)];
  const memory = createMemoryCopies(() => 1);
  const writer = await memory.create("sending", "large");
  await writer.write(new Uint8Array(64 * mib));
  const beyond = await writer.write(new Uint8Array(1)).then(() => "written", problemOf);
  return { refusals, left, rooms, beyond };
}

self.addEventListener("message", ({ data }: MessageEvent<"disk" | "full">) => {
  const done = data === "disk" ? disk() : full();
  done.then(
    (report) => self.postMessage(report),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
});

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { portOfOther, serveAlone } from "./only-one.mjs";

const PORT = 12_345;
let folder: string;
let data: string;
const ends: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "thyme-one-"));
  data = join(folder, "state");
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(folder, { recursive: true });
});

const noteOf = () => readFileSync(join(folder, "serving.json"), "utf8");
const put = (note: string): void => writeFileSync(join(folder, "serving.json"), note);

/** A server whose parent never waits for it, so that it stays a zombie once it is killed; its process id. */
async function serveBelowSleeper(): Promise<number> {
  const file = JSON.stringify(join(import.meta.dirname, "only-one.mjs"));
  const script = `import(${file}).then((m) => m.serveAlone(process.argv[1], ${PORT})).then(() => {
    console.log(process.pid);
    setInterval(() => {}, 1000);
  })`;
  const command = '"$0" --eval "$1" "$2" & exec sleep 300';
  const parent = spawn("sh", ["-c", command, process.execPath, script, data], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { pid } = parent;
  if (pid !== undefined) ends.push(() => process.kill(-pid, "SIGKILL"));
  return new Promise((resolve) => {
    parent.stdout.once("data", (line: Buffer) => resolve(Number(line.toString())));
  });
}

test("while a server runs, a second one with the same data is told where", async () => {
  await serveAlone(data, PORT);
  expect(await portOfOther(data)).toBe(PORT);
});

test("a server that was killed keeps nobody out, not even as a zombie that answers signal 0", async () => {
  const pid = await serveBelowSleeper();
  expect(await portOfOther(data)).toBe(PORT);
  process.kill(pid, "SIGKILL");
  await vi.waitFor(async () => expect(await portOfOther(data)).toBeUndefined(), 10_000);
  expect(() => process.kill(pid, 0), "it is still there for signal 0").not.toThrow();
});

test("a server that is busy while it starts is waited for", async () => {
  await serveAlone(data, PORT);
  const { word } = JSON.parse(noteOf());
  const slow = createServer((socket) => void setTimeout(() => socket.end(word), 300));
  const guard = await listening(slow);
  put(JSON.stringify({ port: PORT, guard, word }));
  expect(await portOfOther(data)).toBe(PORT);
});

test("another program at that port is no server, whether it talks or not", async () => {
  const word = "a word";
  const loud = await listening(createServer((socket) => socket.end("HTTP/1.1 400 Bad Request")));
  put(JSON.stringify({ port: PORT, guard: loud, word }));
  expect(await portOfOther(data)).toBeUndefined();
  const mute = await listening(createServer());
  put(JSON.stringify({ port: PORT, guard: mute, word }));
  expect(await portOfOther(data, 200)).toBeUndefined();
});

test("with no note, a damaged one or that of an older build there is no other server", async () => {
  expect(await portOfOther(data)).toBeUndefined();
  put("{");
  expect(await portOfOther(data)).toBeUndefined();
  put(JSON.stringify({ pid: process.ppid, port: PORT, at: Date.now() }));
  expect(await portOfOther(data)).toBeUndefined();
});

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

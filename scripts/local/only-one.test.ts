import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { portOfOther, serveAlone } from "./only-one.mjs";
import { freePort } from "./worker-process.mjs";

let folder: string;
let data: string;
let port: number;
let server: Server;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "thyme-one-"));
  data = join(folder, "state");
  port = await freePort();
  server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const note = (pid: number, at = 0): void =>
  writeFileSync(join(folder, "serving.json"), JSON.stringify({ pid, port, at }));

test("while a server runs, a second one with the same data is told where", async () => {
  note(process.ppid);
  expect(await portOfOther(data)).toBe(port);
});

test("a server that crashed keeps nobody out, whoever has its number now", async () => {
  note(process.ppid);
  await new Promise((resolve) => server.close(resolve));
  expect(await portOfOther(data)).toBeUndefined();
});

test("a server that is just starting counts before it listens", async () => {
  note(process.ppid, Date.now());
  await new Promise((resolve) => server.close(resolve));
  expect(await portOfOther(data)).toBe(port);
});

test("with no note, a damaged one or the own one there is no other server", async () => {
  expect(await portOfOther(data)).toBeUndefined();
  writeFileSync(join(folder, "serving.json"), "{");
  expect(await portOfOther(data)).toBeUndefined();
  serveAlone(data, port);
  expect(await portOfOther(data)).toBeUndefined();
});

import { expect, test } from "vitest";
import type { CopyReport } from "./copies-worker.test-kit.ts";

/** What the engine's kind of worker reports. */
async function ask(what: "disk" | "full"): Promise<CopyReport> {
  const worker = new Worker(new URL("./copies-worker.test-kit.ts", import.meta.url), {
    type: "module",
  });
  try {
    return await new Promise<CopyReport>((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<CopyReport>) => resolve(data));
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      worker.postMessage(what);
    });
  } finally {
    worker.terminate();
  }
}

test("F1 a copy on disk is as it was written, is written over, dropped and removed", async () => {
  expect(await ask("disk")).toEqual({
    isDurable: true,
    written: "hello world",
    overwritten: "bye",
    dropped: null,
    otherPlace: null,
    listed: [{ name: "one", size: 3 }],
    cached: [],
    removed: null,
  });
});

test("F1 a full disk is said as such, whichever way the browser says it, and leaves nothing", async () => {
  expect(await ask("full")).toEqual({
    refusals: ["device_full", "device_full"],
    left: 0,
    rooms: ["room", "device_full"],
    beyond: "device_full",
  });
});

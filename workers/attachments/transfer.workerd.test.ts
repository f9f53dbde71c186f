import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { ProtocolError } from "../protocol/errors.ts";
import { LIMITS } from "../protocol/limits.ts";
import { r2Blobs } from "./bucket.ts";
import { transfer } from "./transfer.ts";

vi.setConfig({ testTimeout: 15_000 });

const KEY = "blobs/transfer/test";
const files = r2Blobs(env.BLOBS);

/** `length` bytes in pieces; a pause that never ends after `stall` of them. */
function bytesOf(length: number, stall = Number.POSITIVE_INFINITY): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= stall) return new Promise(() => undefined);
      if (at >= length) return controller.close();
      const piece = new Uint8Array(Math.min(64 * 1024, length - at)).fill(7);
      at += piece.length;
      controller.enqueue(piece);
      return undefined;
    },
  });
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "ok",
    (error: unknown) => (error instanceof ProtocolError ? error.code : String(error)),
  );

const whole = { key: KEY, upload: null, part: 1 };

describe("F1 a part on its way to R2", () => {
  test("arrives as it was sent, whole or as a part", async () => {
    const stored = await transfer(env.BLOBS, whole, { stream: bytesOf(200_000), length: 200_000 });
    expect(stored.kind).toBe("stored");
    expect(await files.size(KEY)).toBe(200_000);
    const upload = await files.create(KEY);
    const sizes = [LIMITS.filePart, 1_000];
    const parts = [];
    for (const [i, length] of sizes.entries()) {
      const target = { key: KEY, upload, part: i + 1 };
      const done = await transfer(env.BLOBS, target, { stream: bytesOf(length), length });
      if (done.kind !== "stored") throw new Error(done.kind);
      parts.push({ part: i + 1, etag: done.etag });
    }
    expect(await files.complete(KEY, upload, parts)).toBe(LIMITS.filePart + 1_000);
  });

  test.each([
    ["fewer", 999],
    ["none", 0],
    ["more", 1_001],
  ])("of %s bytes than were declared nothing is kept", async (_, sent) => {
    await env.BLOBS.delete(KEY);
    const work = transfer(env.BLOBS, whole, { stream: bytesOf(sent), length: 1_000 });
    expect(await codeOf(work)).not.toBe("ok");
    expect(await files.size(KEY)).toBeNull();
    expect((await transfer(env.BLOBS, whole, { stream: bytesOf(1_000), length: 1_000 })).kind).toBe(
      "stored",
    );
  });

  test("whoever stops in the middle, or is too slow, has sent nothing and may send it again", async () => {
    await env.BLOBS.delete(KEY);
    const slow = transfer(
      env.BLOBS,
      whole,
      { stream: bytesOf(200_000, 70_000), length: 200_000 },
      AbortSignal.timeout(50),
    );
    expect(await codeOf(slow)).toBe("unavailable");
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error("gone")),
    });
    const stopped = transfer(env.BLOBS, whole, { stream: broken, length: 10 });
    expect(await codeOf(stopped)).toBe("unavailable");
    expect(await files.size(KEY)).toBeNull();
  });

  test("an upload that R2 has let go is told from an outage", async () => {
    const upload = await files.create(KEY);
    await files.abort(KEY, upload);
    await files.abort(KEY, upload);
    const target = { key: KEY, upload, part: 1 };
    expect(await transfer(env.BLOBS, target, { stream: bytesOf(10), length: 10 })).toEqual({
      kind: "lost",
    });
  });

  test("parts of unequal size, too small or not there make no file", async () => {
    const small = await files.create(KEY);
    const parts = [];
    for (const part of [1, 2]) {
      const target = { key: KEY, upload: small, part };
      const done = await transfer(env.BLOBS, target, { stream: bytesOf(10), length: 10 });
      if (done.kind === "stored") parts.push({ part, etag: done.etag });
    }
    expect(await files.complete(KEY, small, parts)).toBeNull();
    expect(await files.complete(KEY, small, [{ part: 3, etag: "x" }])).toBeNull();
    await files.abort(KEY, small);
  });

  test("an outage of R2 is one, and no fault of the sender", async () => {
    const failing = new Proxy(env.BLOBS, {
      get: () => () => Promise.reject(new Error("put: internal error (10001)")),
    });
    const work = transfer(failing, whole, { stream: bytesOf(10), length: 10 });
    expect(await codeOf(work)).toBe("Error: R2 was out of reach");
    await expect(r2Blobs(failing).size(KEY)).rejects.toThrow("R2 was out of reach");
  });
});

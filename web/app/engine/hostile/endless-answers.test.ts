import { expect, test, vi } from "vitest";
import { createClock } from "../../../platform/clock.ts";
import { createApi } from "../../../platform/http.ts";
import { C1 } from "../../ids.test-kit.ts";
import { waitMs } from "../wire/backoff.ts";
import { createInflow } from "../wire/inflow.ts";

const unbounded = { code: "unbounded" };

/** An answer that is sent piece by piece, as long as somebody reads it. */
function stream(pieces: () => string | null, status = 200) {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces();
      if (piece === null) return controller.close();
      const bytes = new TextEncoder().encode(piece);
      sent += bytes.length;
      controller.enqueue(bytes);
    },
  });
  return { response: new Response(body, { status }), sent: () => sent };
}

test("E1 an answer without end is not read to its end, whatever route it is of", async () => {
  const api = createApi(createClock(() => 0));
  const piece = " ".repeat(64 * 1024);
  const calls = [
    () => api.call("log", { params: { conversation: C1 } }),
    () => api.call("ownManifests"),
    () => api.call("privatePage"),
    () => api.call("sessions"),
    () => api.call("tails", { body: { conversations: [C1] } }),
  ];
  try {
    for (const call of calls) {
      const { response, sent } = stream(() => piece);
      vi.stubGlobal("fetch", () => Promise.resolve(response));
      await expect(call()).rejects.toMatchObject(unbounded);
      expect(sent()).toBeLessThan(65 * 1024 * 1024);
    }
    const refusal = stream(() => piece, 400);
    vi.stubGlobal("fetch", () => Promise.resolve(refusal.response));
    await expect(api.call("sessions")).rejects.toMatchObject({ code: "bad_request" });
    expect(refusal.sent()).toBeLessThan(1024 * 1024);
    // The largest honest page comes whole, in as many pieces as it takes (positive control).
    const items = Array<string>(40).fill("A".repeat(64 * 1024));
    const text = JSON.stringify({ items, more: false });
    let at = 0;
    const whole = stream(() => {
      if (at >= text.length) return null;
      at += 10_000;
      return text.slice(at - 10_000, at);
    });
    vi.stubGlobal("fetch", () => Promise.resolve(whole.response));
    expect(await api.call("log", { params: { conversation: C1 } })).toEqual({ items, more: false });
  } finally {
    vi.unstubAllGlobals();
  }
});

test("E1 frames that come faster than they are dealt with are not kept; those that are dealt with make room", async () => {
  const inflow = createInflow({ bytes: 100, frames: 3 });
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  expect([inflow.take(60, work), inflow.take(40, work), inflow.take(1, work)]).toEqual([
    true,
    true,
    false,
  ]);
  ends[0]?.();
  await vi.waitFor(() => expect(inflow.take(1, work)).toBe(true));
  expect(inflow.take(1, work)).toBe(true);
  expect(inflow.take(1, work)).toBe(false);
  expect(ends).toHaveLength(4);
});

test("E1 a refusal that asks for years of patience is asked again after a minute", () => {
  expect(waitMs(Number.MAX_SAFE_INTEGER, 250)).toBe(60_000);
  expect([waitMs(undefined, 250), waitMs(3_000, 250)]).toEqual([250, 3_000]);
});

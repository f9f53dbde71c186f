import { afterEach, describe, expect, test } from "vitest";
import type { Content } from "../../../core/messages/content.ts";
import { flipped } from "../../../core/people.test-kit.ts";
import { logOf } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { target, serve, tab, deletion, owner, one, two, three } from "./marks.test-kit.ts";

afterEach(forgetDevice);

describe("M5, M6 holes", () => {
  const four: Content = { kind: "text", text: "four" };
  const holes = new Set([4]);

  test("M6 a hole without a deletion is a missing message (positive control)", async () => {
    const { served } = await serve([four], { holes });
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual(["create", "join", "one", "?three", "four"]);
  });

  test("M5, M6 a hole that a deletion of its author names is deleted, not missing: later, next, or read backwards", async () => {
    for (const [hidden, contents] of [
      [new Set([4]), [four, deletion(target(two, 4))]],
      // the deletion is itself the message after the hole
      [new Set([5]), [deletion(target(three, 5)), four]],
      [new Set([4, 5]), [deletion(target(three, 5)), deletion(target(two, 4))]],
    ] as const) {
      const { served } = await serve(contents, { holes: hidden });
      const forward = await tab(served);
      await forward.catchUp.newer(forward.id);
      expect((await forward.shown()).join()).not.toContain("?");
      await forgetDevice();
      const backward = await tab(served);
      const items = logOf(served, owner);
      const bundles = items.filter((item) => "bundle" in item);
      await backward.receiver.tail(backward.id, [...bundles, ...items.slice(-1)], 7);
      await backward.catchUp.older(backward.id);
      expect((await backward.shown()).join()).not.toContain("?");
      expect(await backward.record()).toMatchObject({ oldest: 1, blocked: null });
      await forgetDevice();
    }
  });

  test("M6 a wrong D, or some other message, does not excuse it", async () => {
    for (const wrong of [
      target(two, 4, { digest: flipped(two.digest) }),
      target(two, 4, { deviceSeq: 7 }),
      target(two, 4, { device: owner.device.id }),
      target(one, 3),
    ]) {
      const { served } = await serve([four, deletion(wrong)], { holes });
      const here = await tab(served);
      await here.catchUp.newer(here.id);
      expect((await here.shown())[3]).toBe("?three");
      await forgetDevice();
    }
  });

  test("M6 another account's deletion does not excuse it", async () => {
    const { served } = await serve([four], { holes });
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    await here.outbox.add(here.id, { kind: "deletion", target: target(two, 4) });
    const [ready] = await here.outbox.assign(here.id, 1);
    await here.outbox.taken(here.id, [{ order: ready?.order ?? 0, seq: 7, at: 7 }]);
    expect((await here.shown())[3]).toBe("?three");
  });
});

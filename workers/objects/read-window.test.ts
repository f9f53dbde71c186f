import { expect, test } from "vitest";
import { ReadWindow } from "./read-window.ts";

const KIB = 1024;

test("a reader is asked after 256 KiB, once, and stopped after 1 MiB; one that confirms goes on for ever", () => {
  const window = new ReadWindow(false);
  expect(window.sent(256 * KIB)).toBe("nothing");
  expect(window.sent(1)).toBe("ask");
  window.asked();
  expect(window.sent(700 * KIB)).toBe("nothing");
  expect(window.sent(68 * KIB)).toBe("stop");
  const honest = new ReadWindow(false);
  for (let i = 0; i < 100; i++) {
    if (honest.sent(100 * KIB) === "ask") {
      honest.asked();
      honest.confirmed();
    }
    expect(honest.sent(1)).not.toBe("stop");
  }
});

test("a window that was asked before it slept does not ask again", () => {
  const window = new ReadWindow(true);
  expect(window.sent(300 * KIB)).toBe("nothing");
  window.confirmed();
  expect(window.sent(300 * KIB)).toBe("ask");
});

import { expect, it } from "vitest";
import { emojiOnly } from "./emoji-only.ts";

it.each([
  ["👍", 1],
  ["❤️", 1],
  ["👩‍👩‍👧‍👦", 1],
  ["👍🏽", 1],
  ["🇪🇸", 1],
  ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1],
  ["1️⃣", 1],
  ["👍 👍\n", 2],
  ["🥑🥦🍎", 3],
  ["🥑🥦🍎🍊", 0],
  ["👍 ok", 0],
  ["123", 0],
  ["#", 0],
  ["©", 0],
  ["?", 0],
  ["  ", 0],
])("%j is %i emoji and nothing else", (text, count) => expect(emojiOnly(text)).toBe(count));

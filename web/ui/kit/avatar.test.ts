import { expect, it } from "vitest";
import { initials } from "./avatar.tsx";

it.each([
  ["Ana Morales", "AM"],
  ["Ana M.", "AM"],
  ["Dr. Sofía Herrera", "SH"],
  ["  maría del carmen  ruiz ", "MR"],
  ["Ana", "A"],
  ["Dr.", "D"],
  ["李 小龙", "李小"],
  ["😀 x", "😀X"],
  ["", ""],
])("%j becomes %j", (name, letters) => expect(initials(name)).toBe(letters));

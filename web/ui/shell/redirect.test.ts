import { expect, it } from "vitest";
import { returnPath, signInPath } from "./redirect.tsx";

it("remembers the app's own screens through sign-in", () => {
  expect(
    returnPath(new URLSearchParams(signInPath("/c/a-B_9").split("?")[1]).get("next") ?? ""),
  ).toBe("/c/a-B_9");
  expect(signInPath("/settings")).toBe("/sign-in?next=%2Fsettings");
  expect(signInPath("/")).toBe("/sign-in");
});

it.each([
  "//evil.example",
  "https://evil.example",
  "/c/../admin",
  "/c/a?b",
  "javascript:1",
  "/join",
])("goes home instead of to %s", (next) => expect(returnPath(next)).toBe("/"));

import { expect, test } from "vitest";
import { CoreError } from "../../../core/errors.ts";
import { allPages } from "./all-pages.ts";

const most = { entries: 4, chars: 10 };

/** A server that answers with these pages, one after the other. */
function answering(...pages: readonly (readonly string[])[]) {
  let asked = 0;
  return () => {
    const entries = pages[asked] ?? [];
    asked += 1;
    return Promise.resolve({ entries, more: asked < pages.length });
  };
}

test("E1 pages that come to no more than was said are read to their end", async () => {
  expect(await allPages(answering(["a", "b"], ["12345678"]), most)).toEqual(["a", "b", "12345678"]);
});

test("E1 few entries of much text are refused as many of little are", async () => {
  for (const pages of [
    [["a"], ["1234567890"]],
    [
      ["a", "b", "c"],
      ["d", "e"],
    ],
  ]) {
    const read = allPages(answering(...pages), most);
    await expect(read).rejects.toThrow(CoreError);
    await expect(read).rejects.toMatchObject({ code: "unbounded" });
  }
});

import { expect, test } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { marksRecord, messageRecord } from "../store/records.ts";
import type { Span, Store } from "../store/store.ts";
import { bytes, row } from "./effects-view.test-kit.ts";
import { createRowCache } from "./row-cache.ts";

/** The rows 1 to 9 of a conversation, how often places were read, and what happens while they are. */
async function rows() {
  const store = memoryStore();
  const write = (seq: number, text: string) =>
    store.write(["messages"], (writer) =>
      writer.put("messages", [C1, seq], messageRecord, {
        ...row(bytes(32, 1), seq),
        body: { kind: "text", text },
      }),
    );
  for (let seq = 1; seq < 10; seq++) await write(seq, "before");
  const read = { spans: [] as (readonly [number, number])[], meanwhile: () => Promise.resolve() };
  const counted: Store = {
    ...store,
    async readAll(name, schema, span?: Span) {
      if (span) read.spans.push([span.from, span.to]);
      const found = await store.readAll(name, schema, span);
      await read.meanwhile();
      return found;
    },
  };
  const cache = createRowCache(counted, "messages", messageRecord, C1);
  const textsOf = async (from: number, to: number) =>
    (await cache.read({ from, to })).map(({ row: one }) =>
      one.type === "message" && one.body.kind === "text" ? one.body.text : "?",
    );
  return { store, cache, read, write, textsOf };
}

test("a place is read again once it was written, and not where its marks were", async () => {
  const { store, read, write, textsOf } = await rows();
  await textsOf(2, 4);
  await store.write(["marks"], (writer) =>
    writer.put("marks", [C1, 3], marksRecord, { marks: [] }),
  );
  await store.write(["marks"], (writer) => writer.clear("marks"));
  expect(await textsOf(2, 4)).toEqual(["before", "before", "before"]);
  expect(read.spans).toEqual([[2, 4]]);
  await write(3, "after");
  expect(await textsOf(2, 4)).toEqual(["before", "after", "before"]);
  expect(read.spans.slice(1)).toEqual([[3, 3]]);
});

test("what another tab wrote while places were read is read anew, before anything of them is shown", async () => {
  const { cache, read, write, textsOf } = await rows();
  read.meanwhile = async () => {
    read.meanwhile = () => Promise.resolve();
    await write(3, "after");
    cache.forget();
  };
  expect(await textsOf(2, 4)).toEqual(["before", "after", "before"]);
  expect(read.spans).toEqual([
    [2, 4],
    [2, 4],
  ]);
});

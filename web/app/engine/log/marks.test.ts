import { expect, test } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import type { Mark } from "../../../core/messages/effects.ts";
import { newConversation } from "../conversation/kept.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { marksRecord } from "../store/records.ts";
import { bytes, mark, me, them } from "../timeline/effects-view.test-kit.ts";
import { clearHoles } from "./marks.ts";

const own = { account: me.account, device: bytes(32, 2) };
const kept = newConversation({ title: "", owner: me.account, createdAt: 1 });
const edit = (on: number) => mark(them, 20 + on, on, { kind: "edit", text: "Oats" });
const deletion = (on: number, by = them) => mark(by, 30 + on, on, { kind: "deletion" });

test("M5 only a place that has nothing, and that somebody deleted, keeps no text of what it was to become", async () => {
  const store = memoryStore();
  const places: [number, Mark[]][] = [
    // It is there, and the deletion is not its author's.
    [3, [edit(3), deletion(3, me.account)]],
    // It was withheld, and may come yet.
    [4, [edit(4)]],
    [5, [edit(5), deletion(5)]],
  ];
  const left = await store.write(["marks"], async (writer) => {
    for (const [seq, marks] of places) {
      await writer.put("marks", [C1, seq], marksRecord, { marks });
    }
    await clearHoles(writer, own, C1, kept, { from: 1, to: 9 }, new Set([3]));
    return writer.all("marks", marksRecord);
  });
  const kinds = left.map(({ value }) => value.marks.map(({ wish }) => wish.kind));
  expect(kinds).toEqual([["edit", "deletion"], ["edit"], ["deletion"]]);
});

import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { C1 } from "../../ids.test-kit.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { messageRecord } from "../store/records.ts";
import type { Writer } from "../store/store.ts";
import { row, them } from "../timeline/effects-view.test-kit.ts";
import { redateLater } from "./sent-at.ts";

/** Rows of one device at 3, 4 and 5, dated 30, 40 and 50, after it is known that an older one says this. */
async function redated(floor: number) {
  const store = memoryStore();
  const device = toBase64url(row(them, 3).device);
  const done: string[] = [];
  await store.write(["messages"], async (writer) => {
    for (const n of [3, 4, 5]) {
      await writer.put("messages", [C1, n], messageRecord, row(them, n));
    }
    const counting: Writer = {
      ...writer,
      all(...given) {
        done.push("all");
        return writer.all(...given);
      },
      put(to, key, ...rest) {
        done.push(`${to} ${key[1]}`);
        return writer.put(to, key, ...rest);
      },
    };
    const firsts = { [device]: { seq: 3, deviceSeq: 3, prev: null } };
    await redateLater(counting, C1, { firsts, oldest: 3 }, new Map([[device, floor]]));
  });
  const rows = await store.readAll("messages", messageRecord);
  const times = rows.map(({ value }) => (value.type === "message" ? value.sentAt : null));
  return [times, done];
}

test("M5 what stands after an older message is dated no earlier than it, and only that is written", async () => {
  expect(await redated(40)).toEqual([
    [40, 40, 50],
    ["all", "messages 3"],
  ]);
});

test("M5 where no clock went back, what is stored is not looked through", async () => {
  expect(await redated(30)).toEqual([[30, 40, 50], []]);
});

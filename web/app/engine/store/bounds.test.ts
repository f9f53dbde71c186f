import { expect, test } from "vitest";
import * as z from "zod/mini";
import { newConversation } from "../conversation/kept.ts";
import { createDamageReport } from "./damaged.ts";
import { conversationRecord } from "./records.ts";

const owner = new Uint8Array(32).fill(1);

test("E1 each damaged record is told once, ten thousand of one start, and to whoever comes later as well", () => {
  const report = createDamageReport();
  let told = 0;
  report.watch(() => void told++);
  const tell = (n: number) =>
    report.tell({ store: "messages", key: ["c", n], schema: z.unknown() });
  for (let n = 0; n < 10_000; n++) tell(n);
  for (const n of [0, 9_999]) tell(n);
  expect(told).toBe(10_000);
  tell(10_000);
  expect(told).toBe(10_000);
  let later = 0;
  report.watch(() => void later++)();
  expect(later).toBe(10_000);
});

test("C3 the head that is kept is a bundle's number, or -1 before there is one", () => {
  const kept = newConversation({ title: "Ana", owner, createdAt: 1 });
  const isKept = (head: number) => conversationRecord.safeParse({ ...kept, head }).success;
  expect([isKept(-2), isKept(-1), isKept(0), isKept(0.5)]).toEqual([false, true, true, false]);
});

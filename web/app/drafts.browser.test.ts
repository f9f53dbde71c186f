import { beforeEach, expect, test, vi } from "vitest";
import { createDraftKeeper } from "./drafts.ts";
import type { EnginePort } from "./engine-port.ts";

type Asked = readonly [name: string, input: unknown];

let asked: Asked[];
const engine = {
  ask(name: string, input: unknown) {
    asked.push([name, input]);
    return Promise.resolve({ ok: true as const, value: null });
  },
} as unknown as EnginePort;

beforeEach(() => {
  asked = [];
});

const typed = (text: string) => ({ text, seen: 0 });

test("letters are kept in pauses, the newest text of each conversation alone", async () => {
  const keeper = createDraftKeeper(engine);
  for (const text of ["O", "Oa", "Oats"]) keeper.save("c1", typed(text));
  keeper.save("c2", typed("Beans"));
  expect(asked).toEqual([]);
  await vi.waitFor(() => expect(asked).toHaveLength(2), { timeout: 5_000 });
  expect(asked).toEqual([
    ["saveDraft", { conversation: "c1", ...typed("Oats") }],
    ["saveDraft", { conversation: "c2", ...typed("Beans") }],
  ]);
});

test("an older text that waits for its pause does not come after its message", async () => {
  const keeper = createDraftKeeper(engine);
  keeper.save("c1", typed("Oats"));
  await keeper.sending("c1", Promise.resolve());
  await keeper.settled();
  expect(asked).toEqual([]);
});

test("whoever waits until all is stored waits for a message on its way", async () => {
  const keeper = createDraftKeeper(engine);
  const storing = Promise.withResolvers<null>();
  void keeper.sending("c1", storing.promise);
  let isSettled = false;
  const settled = keeper.settled().then(() => (isSettled = true));
  await Promise.resolve();
  expect(isSettled).toBe(false);
  storing.resolve(null);
  await settled;
});

test("an edit is kept in pauses, and let go at once when it ends", () => {
  const keeper = createDraftKeeper(engine);
  const edit = { seq: 3, before: "Oats", text: "Oats and berries" };
  keeper.saveEdit("c1", edit);
  expect(asked).toEqual([]);
  keeper.saveEdit("c1", null);
  expect(asked).toEqual([["keepEdit", { conversation: "c1", edit: null }]]);
});

test("what waits for its pause is kept when the page is put away", () => {
  const keeper = createDraftKeeper(engine);
  keeper.save("c1", typed("Oats"));
  dispatchEvent(new Event("pagehide"));
  expect(asked).toEqual([["saveDraft", { conversation: "c1", ...typed("Oats") }]]);
});

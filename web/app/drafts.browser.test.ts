import { beforeEach, expect, test, vi } from "vitest";
import { createDraftKeeper } from "./drafts.ts";
import type { EnginePort } from "./engine-port.ts";
import type { Outcome } from "./models.ts";
import type { Unstored } from "./unstored.ts";
import { createUnstoredTexts } from "./unstored-keeper.ts";
import { C1, C2 } from "./ids.test-kit.ts";

type Asked = readonly [name: string, input: unknown];

let asked: Asked[];
let left: ReadonlyMap<string, readonly Uint8Array[]>;
let answers: Map<string, Promise<Outcome>>;
const stored: Outcome = { ok: true, value: null };
const nothingLeft = { ok: true as const, value: [] };

/** An engine that seals by writing down. */
const engine = {
  ask(name: string, input: unknown) {
    if (name === "sealUnstored") {
      const value = new TextEncoder().encode(JSON.stringify(input));
      return Promise.resolve({ ok: true as const, value });
    }
    asked.push([name, input]);
    return answers.get(name) ?? Promise.resolve(name === "recoverUnstored" ? nothingLeft : stored);
  },
} as unknown as EnginePort;

/** A page: what it leaves can be read by the one after it. */
const openPage = (name = "page") =>
  createDraftKeeper(
    engine,
    createUnstoredTexts(engine, {
      leave(sealed) {
        left = new Map([...left, [name, sealed]]);
      },
      others: () => new Map([...left].filter(([page]) => page !== name)),
      keep(page, sealed) {
        const others = [...left].filter(([known]) => known !== page);
        left = new Map(sealed.length === 0 ? others : [...others, [page, sealed]]);
      },
    }),
  );

const leftBehind = (): Unstored[] =>
  [...left.values()].flat().map((sealed) => JSON.parse(new TextDecoder().decode(sealed)));
const commands = () => asked.map(([name]) => name);
const turn = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  asked = [];
  left = new Map();
  answers = new Map();
});

const typed = (text: string) => ({ text, seen: 0 });
const message = (text: string, behind = "") => ({ text, left: typed(behind) });

test("letters are kept in pauses, the newest text of each conversation alone", async () => {
  const keeper = openPage();
  for (const text of ["O", "Oa", "Oats"]) keeper.save(C1, typed(text));
  keeper.save(C2, typed("Beans"));
  expect(asked).toEqual([]);
  await vi.waitFor(() => expect(asked).toHaveLength(2), { timeout: 5_000 });
  expect(asked).toEqual([
    ["saveDraft", { conversation: C1, ...typed("Oats") }],
    ["saveDraft", { conversation: C2, ...typed("Beans") }],
  ]);
});

test("an older text that waits for its pause does not come after its message", async () => {
  const keeper = openPage();
  keeper.save(C1, typed("Oats"));
  await keeper.send(C1, message("Oats"));
  await keeper.settled();
  expect(commands()).toEqual(["send"]);
});

test("what is typed behind a message is stored after it, for until then its draft is its only copy", async () => {
  const keeper = openPage();
  const storing = Promise.withResolvers<Outcome>();
  answers.set("send", storing.promise);
  const sent = keeper.send(C1, message("Oats"));
  keeper.save(C1, typed("Beans"));
  const settled = keeper.settled();
  await turn();
  expect(commands()).toEqual(["send"]);
  storing.resolve(stored);
  await sent;
  await settled;
  expect(commands()).toEqual(["send", "saveDraft"]);
});

test("whoever waits until all is stored waits for a message on its way", async () => {
  const keeper = openPage();
  const storing = Promise.withResolvers<Outcome>();
  answers.set("send", storing.promise);
  void keeper.send(C1, message("Oats"));
  let isSettled = false;
  const settled = keeper.settled().then(() => (isSettled = true));
  await turn();
  expect(isSettled).toBe(false);
  storing.resolve(stored);
  await settled;
});

test("an edit is kept in pauses, and let go at once when it ends", async () => {
  const keeper = openPage();
  const edit = { seq: 3, before: "Oats", text: "Oats and berries" };
  keeper.saveEdit(C1, edit);
  expect(asked).toEqual([]);
  keeper.saveEdit(C1, null);
  await keeper.settled();
  expect(asked).toEqual([["keepEdit", { conversation: C1, edit: null }]]);
});

test("K8: a page that ends leaves what was typed since the last pause, and the next one stores it before it asks", async () => {
  const keeper = openPage();
  keeper.save(C1, typed("Oats"));
  keeper.save(C1, typed("Oats and milk"));
  await turn();
  answers.set("saveDraft", new Promise(() => undefined));
  keeper.leave();
  expect(leftBehind()).toMatchObject([{ kind: "draft", conversation: C1, text: "Oats and milk" }]);
  await turn();
  asked = [];
  const next = openPage("next");
  next.recover();
  await next.of(C1);
  expect(commands()).toEqual(["recoverUnstored", "draftOf"]);
  expect(left.size).toBe(0);
});

test("what is stored after the page was hidden is left no longer", async () => {
  const keeper = openPage();
  keeper.save(C1, typed("Oats"));
  await turn();
  keeper.leave();
  expect(leftBehind()).toHaveLength(1);
  await keeper.settled();
  expect(leftBehind()).toEqual([]);
});

test("a page that ends while a message is being stored leaves it under the key it was sent with", async () => {
  const keeper = openPage();
  answers.set("send", new Promise(() => undefined));
  keeper.save(C1, typed("Oats"));
  void keeper.send(C1, message("Oats", "Bea"));
  keeper.save(C1, typed("Beans"));
  await turn();
  keeper.leave();
  const [draft, sent, behind] = leftBehind();
  expect(draft).toMatchObject({ kind: "draft", text: "Oats" });
  expect(sent).toMatchObject({ kind: "message", text: "Oats" });
  expect(behind).toMatchObject({ kind: "draft", text: "Beans" });
  const keyOf = (one?: Unstored) => (one && "key" in one ? one.key : "");
  // Whoever recovers them knows the first draft for the message, and the second for another text.
  expect(keyOf(draft)).toBe(keyOf(sent));
  expect(keyOf(behind)).not.toBe(keyOf(sent));
  expect(asked[0]).toMatchObject(["send", { key: keyOf(sent) }]);
});

test("texts that the engine cannot take yet stay where they were left", async () => {
  left = new Map([["gone", [new Uint8Array([1])]]]);
  answers.set("recoverUnstored", Promise.resolve({ ok: false, problem: "unauthenticated" }));
  const keeper = openPage();
  keeper.recover();
  await keeper.of(C1);
  expect([...left.keys()]).toEqual(["gone"]);
});

test("what the engine could not store stays where it was left, for the next page", async () => {
  const kept = new Uint8Array([2]);
  left = new Map([["gone", [new Uint8Array([1]), kept]]]);
  answers.set("recoverUnstored", Promise.resolve({ ok: true, value: [kept] as never }));
  const keeper = openPage();
  keeper.recover();
  await keeper.of(C1);
  expect([...left]).toEqual([["gone", [kept]]]);
});

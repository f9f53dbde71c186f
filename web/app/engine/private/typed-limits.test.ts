import { expect, test } from "vitest";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { C1 } from "../../ids.test-kit.ts";
import { TEMPLATE_LIMITS } from "../../../core/private-state/template-limits.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { draftHandlers } from "./draft-handlers.ts";
import type { PrivateRecords } from "./private-records.ts";
import { createTemplates } from "./templates.ts";
import { unstoredHandlers } from "./unstored.ts";

const KEPT_TEXT = 1_000_000;
const text = (length: number) => "a".repeat(length);
const account = accountIdText(new Uint8Array(32).fill(1));

/** How a command ends: "taken", or the problem by its name. */
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "taken",
    (error: unknown) =>
      typeof error === "object" && error !== null && "problem" in error ? error.problem : error,
  );

test("a draft is kept up to a million characters, and not after signing out", async () => {
  const store = memoryStore();
  const saving = (length: number, isSignedIn = true) => {
    const deps = { store, now: () => 1 } as unknown as Deps;
    const { saveDraft } = draftHandlers(
      deps,
      () => isSignedIn,
      () => null,
    );
    return outcome(saveDraft({ conversation: C1, text: text(length), seen: 0 }));
  };
  expect(await saving(KEPT_TEXT)).toBe("taken");
  expect(await saving(KEPT_TEXT + 1)).toBe("too_long");
  expect(await saving(KEPT_TEXT + 1, false)).toBe("taken");
});

test("what the page cannot store is sealed within limits, and for nobody before somebody signed in", async () => {
  const sealing = (change: object, who: typeof account | null = account) => {
    const deps = { now: () => 1, store: { seal: () => new Uint8Array() } } as unknown as Deps;
    const around = { deps, account: () => who } as unknown as Parameters<
      typeof unstoredHandlers
    >[0];
    const entry = { kind: "draft" as const, key: "k", conversation: C1, text: "", seen: 0 };
    return outcome(unstoredHandlers(around).sealUnstored({ ...entry, ...change }));
  };
  expect(await sealing({ text: text(KEPT_TEXT), key: text(64) })).toBe("taken");
  expect(await sealing({ text: text(KEPT_TEXT + 1) })).toBe("too_long");
  expect(await sealing({ key: text(65) })).toBe("too_long");
  expect(await sealing({ conversation: text(65) })).toBe("too_long");
  expect(await sealing({}, null)).toMatchObject({ code: "unauthenticated" });
});

test("K9 a template is saved within the limits of the record; one is always removed", async () => {
  const id = new Uint8Array(16).fill(1);
  const full = Array.from({ length: TEMPLATE_LIMITS.count }, (_, n) => ({
    id: new Uint8Array(16).fill(n + 2),
    name: "a",
    text: "a",
  }));
  let list = full;
  const records = {
    find: () => ({ kind: "templates", list }),
    put: (source: () => { list: typeof full }) =>
      Promise.resolve()
        .then(source)
        .then((record) => {
          ({ list } = record);
        }),
  } as unknown as PrivateRecords;
  const shown: number[] = [];
  const templates = createTemplates(records, (views) => void shown.push(views.length));
  const save = () =>
    outcome(templates.change({ type: "save", template: { id, name: "a", text: "a" } }));
  expect(await save()).toBe("too_long");
  expect(await outcome(templates.change({ type: "remove", id: full[0]!.id }))).toBe("taken");
  expect(await save()).toBe("taken");
  templates.show();
  // Shown when they change, and not again.
  expect(shown).toEqual([TEMPLATE_LIMITS.count - 1, TEMPLATE_LIMITS.count]);
});

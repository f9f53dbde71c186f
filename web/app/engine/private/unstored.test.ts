import { expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { C1, accountNamed } from "../../ids.test-kit.ts";
import type { CommandHandlers } from "../../rpc.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import type { Store } from "../store/store.ts";
import type { Drafts } from "./drafts.ts";
import { unstoredHandlers } from "./unstored.ts";

type Sent = Parameters<CommandHandlers["send"]>[0];

/** The engine of a page that left texts behind; sending fails so, and `box` is what stands in its draft. */
function engine(fails: "not_found" | "unavailable" | null = null, box = "") {
  const sealed = new Map<Uint8Array, unknown>();
  const store: Store = {
    ...memoryStore(),
    seal(_, value) {
      const bytes = new Uint8Array(1);
      sealed.set(bytes, value);
      return bytes;
    },
    unseal: (_, bytes, schema) => schema.parse(sealed.get(bytes)),
  };
  const sent: Sent[] = [];
  const saved: string[] = [];
  const drafts: Pick<Drafts, "kept" | "storedAt" | "save"> = {
    kept: () => Promise.resolve({ text: box, at: 3 }),
    storedAt: () => Promise.resolve(null),
    save: (_, { text }) => Promise.resolve(void saved.push(text)),
  };
  const handlers = unstoredHandlers({
    // Nothing else of these is asked for.
    deps: { store, now: () => 1 } as unknown as Deps,
    account: () => accountNamed("an account"),
    drafts: () => drafts as Drafts,
    commands: {
      send(message) {
        sent.push(message);
        return fails ? Promise.reject(new ProtocolError(fails)) : Promise.resolve(null);
      },
      keepEdit: () => Promise.resolve(null),
    },
  });
  return { ...handlers, sent, saved };
}

const message = { kind: "message", key: "k", conversation: C1, text: "Oats", seen: 0 } as const;
const draft = (text: string) =>
  ({ kind: "draft", key: "d", conversation: C1, text, seen: 3 }) as const;

test("an answer that cannot be stored now stays an answer: only one to what is gone becomes a text of its own", async () => {
  for (const [fails, replies] of [
    ["unavailable", [7]],
    ["not_found", [7, undefined]],
  ] as const) {
    const it = engine(fails);
    const left = [await it.sealUnstored({ ...message, replyTo: 7 })];
    expect(await it.recoverUnstored(left)).toEqual(left);
    expect(it.sent.map(({ replyTo }) => replyTo)).toEqual(replies);
  }
});

test("a message that answers nothing is not tried twice", async () => {
  const it = engine("not_found");
  const left = [await it.sealUnstored(message)];
  expect(await it.recoverUnstored(left)).toEqual(left);
  expect(it.sent).toHaveLength(1);
});

test("a draft is stored again only where the box would say something else", async () => {
  const it = engine(null, "Oats");
  await it.recoverUnstored([await it.sealUnstored(draft("Oats"))]);
  expect(it.saved).toEqual([]);
  await it.recoverUnstored([await it.sealUnstored(draft("Oats and milk"))]);
  expect(it.saved).toEqual(["Oats and milk"]);
});

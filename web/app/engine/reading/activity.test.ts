import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { DEFAULT_PREFERENCES } from "../../../core/private-state/preferences.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { C1, C2 } from "../../ids.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import type { Library } from "../conversation/library.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { createActivity } from "./activity.ts";

const account = new Uint8Array(32).fill(1);
const kept = newConversation({ title: "Ana", owner: account, createdAt: 1 });

/** Reading what is kept of a conversation takes until it is answered. */
function scene() {
  const asked: { id: ConversationId; answer: () => void }[] = [];
  const library: Pick<Library, "kept" | "chain"> = {
    kept: (id) =>
      new Promise<KeptConversation>((resolve) =>
        asked.push({ id, answer: () => resolve({ ...kept }) }),
      ),
    chain: () => Promise.resolve(EMPTY_CHAIN),
  };
  const emitted: ConversationId[] = [];
  const activity = createActivity({
    // Nothing else of these is asked for.
    deps: { store: memoryStore(), now: () => 1 } as unknown as Deps,
    me: { account } as Identity,
    library: library as Library,
    preferences: { current: () => DEFAULT_PREFERENCES },
    say: () => true,
    emit: (id) => void emitted.push(id),
  });
  const answer = async () => {
    for (const one of asked.splice(0)) one.answer();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { activity, asked, answer, emitted };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("who is here is said of the conversation on screen, not of one that was left meanwhile", async () => {
  const { activity, answer, emitted } = scene();
  activity.opened(C1);
  activity.opened(C2);
  await answer();
  expect(emitted).toEqual([C2]);
  activity.close();
});

test("the same is said once, and said anew where the conversation is opened again", async () => {
  const { activity, answer, emitted } = scene();
  activity.opened(C1);
  await answer();
  activity.refresh();
  await answer();
  expect(emitted).toEqual([C1]);
  activity.opened(C1);
  await answer();
  expect(emitted).toEqual([C1, C1]);
  activity.close();
});

test("the record of another conversation is nothing to the one on screen", async () => {
  const { activity, answer, asked } = scene();
  activity.opened(C1);
  await answer();
  activity.refresh(C2);
  expect(asked).toEqual([]);
  activity.refresh(C1);
  expect(asked.map(({ id }) => id)).toEqual([C1]);
  activity.close();
});

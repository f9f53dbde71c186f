import { afterEach, expect, test } from "vitest";
import { send as sealed, write } from "../../../core/messages/room.test-kit.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Served, type Tab, openTab, senderOf } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import type { Answer } from "../wire/wire.ts";

const talk = await newTalk("engine sends");
const { owner, patient, together } = talk.room;
let tab: Tab;

/** A tab that holds the conversation and has one message to send; `answer` is what the server says to each. */
async function sending(answer: Answer) {
  talk.server.entries.length = 5;
  const served: Served = { server: talk.server, people: [patient] };
  tab = await openTab(owner, together.id, served);
  await tab.catchUp.newer(tab.id);
  let sent = 0;
  const sender = senderOf(tab, (_, messages) => {
    sent += messages.length;
    return Promise.resolve(messages.map(() => answer));
  });
  await tab.outbox.add(tab.id, { kind: "text", text: "hello" });
  const flush = async () => {
    await sender.flush(tab.id);
    return sent;
  };
  return { flush, waiting: async () => (await tab.outbox.entries(tab.id)).length };
}

afterEach(forgetDevice);

test("M6 in a conversation that is well, what waits goes out (positive control)", async () => {
  const { flush, waiting } = await sending({ type: "taken", seq: 6, at: 6 });
  expect([await flush(), await waiting()]).toEqual([1, 0]);
});

test("M6, C5 after a fork nothing goes out, and what waits is kept", async () => {
  const { flush, waiting } = await sending({ type: "taken", seq: 6, at: 6 });
  const twin = await sealed(talk.room, patient, write(talk.room, patient, "not one"));
  talk.server.envelope(twin);
  await tab.catchUp.newer(tab.id);
  expect((await tab.record()).blocked).toEqual({ kind: "proof", code: "fork" });
  expect([await flush(), await waiting()]).toEqual([0, 1]);
});

test("M6 a number that the server says is taken by another message: the log is wanted, nothing is freed or dropped", async () => {
  const { flush, waiting } = await sending({
    type: "refused",
    error: "sequence_conflict",
    retryAfterMs: undefined,
    missed: [],
  });
  expect([await flush(), await waiting()]).toEqual([1, 1]);
  expect((await tab.record()).blocked).toMatchObject({ kind: "want", code: "log" });
  expect((await tab.outbox.entries(tab.id))[0]?.entry.state.state).toBe("assigned");
  expect(await flush()).toBe(1);
});

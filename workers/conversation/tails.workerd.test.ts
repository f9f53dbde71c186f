import { expect, test, vi } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { type TestBundle, createBundle } from "../protocol/bundle.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { LIMITS } from "../protocol/limits.ts";
import { Writer, fill, postBundle0, stubOf } from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";
import { openConversation } from "./socket.test-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

/** So large that four conversations do not fit one answer. */
const SIZE = 60_000;
const PER_ANSWER = Math.floor(TUNING.tailsBytes / (LIMITS.tailEnvelopes * SIZE));

const owner = new Writer(await seedPerson("practitioner"));

async function conversationWith(size: number): Promise<string> {
  const head: TestBundle = createBundle(owner.author, []);
  const { outcome } = await postBundle0(owner.person, head);
  if (outcome !== "ok") throw new Error(outcome);
  const { conversation } = head.core;
  const socket = await openConversation(owner.person, conversation);
  const writer = new Writer(owner.person);
  // Few enough bytes a frame.
  for (let i = 0; i < LIMITS.tailEnvelopes; i++) {
    await fill({ stub: stubOf(conversation) }, socket, writer, head, 1, size);
  }
  return toBase64url(conversation);
}

test("K13 an answer of tails has a size: what has no room is left in order, and comes when it is asked for", async () => {
  const count = PER_ANSWER + 2;
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push(await conversationWith(SIZE));
  const ask = (conversations: string[]) =>
    owner.person.browser.call("tails", { body: { conversations } });
  const first = await ask(ids);
  const shown = first.result?.tails.map(({ conversation }) => conversation) ?? [];
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.length).toBeLessThanOrEqual(PER_ANSWER);
  expect([...shown, ...(first.result?.left ?? [])]).toEqual(ids);
  expect(first.text.length).toBeLessThan(1.1 * ((TUNING.tailsBytes * 4) / 3));
  const second = await ask(first.result?.left ?? []);
  expect(second.result?.left).toEqual([]);
  expect(second.result?.tails.map(({ conversation }) => conversation)).toEqual(first.result?.left);
  // Of what fits, nothing is left.
  expect((await ask(ids.slice(0, 1))).result?.left).toEqual([]);
});

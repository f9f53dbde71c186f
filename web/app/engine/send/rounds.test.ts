import { expect, test } from "vitest";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import { newMessageId } from "../../../core/messages/payload.ts";
import { NOW } from "../../../core/people.test-kit.ts";
import type { ConversationRecord } from "../store/records.ts";
import type { Answer } from "../wire/wire.ts";
import type { Outbox } from "./outbox.ts";
import { type Sending, createOutboxSender } from "./send.ts";

const { owner, suite, together } = await newCare("rounds");
const id = conversationIdText(together.id);
const well = {
  head: 1,
  blocked: null,
  ownChain: "kept",
  outbox: [],
  editsLeft: [],
  deletionsDue: [],
};

type Ready = Awaited<ReturnType<Outbox["assign"]>>[number];

const ready = (order: number, size = 256): Ready => ({
  order,
  blobs: [],
  message: {
    messageId: newMessageId(suite.random, NOW),
    deviceSeq: order,
    payload: new Uint8Array(size),
    digest: new Uint8Array(32),
  },
});

/** One flush of an outbox with these messages, at a server that answers each so. */
async function flush(
  waiting: readonly Ready[],
  answer: (order: number, time: number) => Answer,
  change: object | null = {},
) {
  let left = [...waiting];
  const asked: string[] = [];
  const frames: number[] = [];
  const without = (orders: readonly number[]) => {
    left = left.filter(({ order }) => !orders.includes(order));
  };
  const sending = {
    deps: { suite },
    library: {
      record: () =>
        Promise.resolve((change && { ...well, ...change }) as unknown as ConversationRecord),
      chain: () => Promise.resolve({ conversation: together, seqs: [1, 2] }),
    },
    directory: { load: () => Promise.resolve(owner.history) },
    me: () => ({ account: owner.account, device: owner.device, signer: owner.signer }),
    outbox: {
      assign() {
        asked.push("assign");
        return Promise.resolve(left);
      },
      taken(_: string, taken: readonly { order: number }[]) {
        without(taken.map(({ order }) => order));
        return Promise.resolve(true);
      },
      failed(_: string, order: number, error: string) {
        asked.push(`failed ${error}`);
        return Promise.resolve(without([order]));
      },
      contradicted(_: string, order: number) {
        asked.push("contradicted");
        return Promise.resolve(without([order]));
      },
    },
    transmit(_: string, sent: readonly unknown[]) {
      frames.push(sent.length);
      return Promise.resolve(
        left.slice(0, sent.length).map(({ order }) => answer(order, frames.length)),
      );
    },
    catchUp: () => Promise.resolve(void asked.push("catch up")),
    settleUnanswered: () => Promise.resolve(false),
    renew: () => Promise.resolve(void asked.push("renew")),
  } as unknown as Sending;
  await createOutboxSender(sending).flush(id);
  return {
    frames,
    asked: asked.filter((one) => one !== "assign"),
    assigns: asked.filter((one) => one === "assign").length,
    left: left.length,
  };
}

const taken = (order: number): Answer => ({ type: "taken", seq: order + 2, at: 1 });
const refused =
  (error: Extract<Answer, { type: "refused" }>["error"], retryAfterMs = 1) =>
  (): Answer => ({ type: "refused", error, retryAfterMs, missed: [] });

test("A4 what waits is sent in order until nothing does", async () => {
  expect(await flush([ready(1), ready(2)], taken)).toMatchObject({ frames: [2], left: 0 });
});

test("C5 M6 nothing is given a number where nothing is kept, where sending stopped, before the first bundle, or while the own chain is sought", async () => {
  for (const change of [null, { blocked: "fork" }, { head: -1 }, { ownChain: "sought" }]) {
    expect(await flush([ready(1)], taken, change)).toMatchObject({
      assigns: 0,
      frames: [],
      left: 1,
    });
  }
});

test("a frame holds as many envelopes as fit in it, and one at least", async () => {
  const large = [ready(1, 60_000), ready(2, 60_000), ready(3, 60_000)];
  expect(await flush(large, taken)).toMatchObject({ frames: [2, 1], left: 0 });
});

test("without an answer what waits stays until the next contact", async () => {
  const unanswered = await flush([ready(1)], () => ({ type: "unanswered" }));
  expect(unanswered).toEqual({ frames: [1], asked: [], assigns: 1, left: 1 });
});

test("M6 a message that can never be taken fails alone; one whose number is another's is looked for in the log", async () => {
  const once = (first: Answer) => (order: number, time: number) =>
    time === 1 ? first : taken(order);
  const failed = await flush([ready(1), ready(2)], once(refused("bad_request")()));
  expect(failed).toMatchObject({ asked: ["failed bad_request"], frames: [2, 1], left: 0 });
  const contradicted = await flush([ready(1)], once(refused("sequence_conflict")()));
  expect(contradicted).toMatchObject({ asked: ["contradicted", "catch up"], left: 0 });
});

test("M7 under an old epoch the log is read first, without a session it is renewed", async () => {
  const once = (first: Answer) => (order: number, time: number) =>
    time === 1 ? first : taken(order);
  const stale = await flush([ready(1)], once(refused("stale_epoch")()));
  expect(stale).toMatchObject({ asked: ["catch up"], frames: [1, 1], left: 0 });
  const ended = await flush([ready(1)], once(refused("unauthenticated")()));
  expect(ended).toMatchObject({ asked: ["renew"], left: 0 });
  const early = await flush([ready(1)], once(refused("out_of_order")()));
  expect(early).toMatchObject({ asked: ["catch up"], left: 0 });
});

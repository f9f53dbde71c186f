import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { inboxObject } from "../objects/objects.ts";
import { Costs, countCosts } from "./cost.test-kit.ts";
import { makeReceipt } from "./receipt.test-kit.ts";
import {
  type Pair,
  type Writer,
  fill,
  open,
  seedPair,
  unlimited,
  withDeps,
} from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";
import { type ConversationSocket, type InboxSocket, openInbox } from "./socket.test-kit.ts";

vi.setConfig({ testTimeout: 120_000 });

/** A message every half minute for this long; a day of it is as much a message. */
const MESSAGES = 40;
const APART_MS = 30_000;

interface Side {
  readonly writer: Writer;
  readonly chat: ConversationSocket;
  readonly inbox: InboxSocket;
}

async function sideOf(pair: Pair, writer: Writer): Promise<Side> {
  const [chat, inbox] = [await open(writer, pair), await openInbox(writer.person)];
  await chat.hello(2);
  await inbox.hello();
  return { writer, chat, inbox };
}

const alarmAt = ({ stub }: Pair): Promise<number | null> =>
  runInDurableObject(stub, (_, { storage }) => storage.getAlarm());

/** What the clock of the platform would have done by now. */
async function alarmIfDue(pair: Pair, now: number): Promise<void> {
  const alarm = await alarmAt(pair);
  if (alarm === null || alarm > now) return;
  await runInDurableObject(pair.stub, async (instance, { storage }) => {
    await storage.deleteAlarm();
    await instance.alarm();
  });
}

describe("row writes a message", () => {
  test("a burst: tail and D1, and little else", async () => {
    const pair = await seedPair();
    const socket = await open(pair.owner, pair);
    await fill(pair, socket, pair.owner, pair.head, 700);
    await pair.stub.catchUp();
    const costs = new Costs();
    await countCosts(pair, [pair.owner.person, pair.patient.person], costs);
    await fill(pair, socket, pair.owner, pair.head, 640);
    await pair.stub.catchUp();
    // oxlint-disable-next-line no-console -- the figures of docs/BENCHMARKS.md
    console.info(`a burst of 640, row writes a message:\n${costs.table(640)}`);
    expect(costs.total / 640).toBeGreaterThan(1.9);
    expect(costs.total / 640).toBeLessThan(2.2);
  });

  test("a chat at human pace, each message read at once, the objects asleep in between", async () => {
    const pair = await seedPair();
    const [one, two] = [await sideOf(pair, pair.owner), await sideOf(pair, pair.patient)];
    await pair.stub.catchUp();
    const costs = new Costs();
    let now = Date.now() + 24 * 60 * 60_000;
    const objects = [pair.owner, pair.patient].map(({ person }) => inboxObject(env, person.id));
    for (let i = 0; i < MESSAGES; i++) {
      await Promise.all([pair.stub, ...objects].map((stub) => evictDurableObject(stub)));
      await countCosts(pair, [pair.owner.person, pair.patient.person], costs);
      await withDeps(pair, () => ({ now: () => now }));
      await unlimited(pair.stub);
      await alarmIfDue(pair, now);
      const [from, to] = i % 2 === 0 ? [one, two] : [two, one];
      const seq = 3 + i;
      from.chat.send(from.writer.write(pair.head));
      await from.chat.untilAcked(Math.floor(i / 2) + 1);
      await to.chat.until(() => to.chat.seqs.includes(seq), "the message");
      await to.inbox.until(() => to.inbox.all("activity").at(-1)?.row.lastSeq === seq, "activity");
      to.chat.say({ t: "received", seq });
      const receipt = makeReceipt(to.writer.author, pair.head, i + 1);
      to.chat.say({ t: "receipt", receipt: receipt.bytes });
      to.inbox.say({ t: "read", conversation: pair.conversation, seq });
      await to.inbox.until(() => to.inbox.all("activity").at(-1)?.row.readSeq === seq, "reading");
      await from.chat.until(() => from.chat.all("receipt").length > 0, "the receipt");
      now += APART_MS;
    }
    now += TUNING.flushAfterMs;
    await alarmIfDue(pair, now);
    // oxlint-disable-next-line no-console -- the figures of docs/BENCHMARKS.md
    console.info(
      `${MESSAGES} messages at human pace, row writes a message:\n${costs.table(MESSAGES)}`,
    );
    expect(costs.total / MESSAGES).toBeGreaterThan(1.9);
    expect(costs.total / MESSAGES).toBeLessThanOrEqual(3);
  });
});

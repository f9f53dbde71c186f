import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { type TestBundle, createBundle, inviteBundle } from "../protocol/bundle.test-kit.ts";
import {
  type Scene,
  Writer,
  fill,
  freshInvite,
  open,
  postBundle0,
  sayBundle,
  seedConversation,
  seedPair,
  stubOf,
  withDeps,
} from "./scene.test-kit.ts";
import { openConversation } from "./socket.test-kit.ts";
import { TUNING } from "./settings.ts";

vi.setConfig({ testTimeout: 60_000 });

const MIB = 1024 * 1024;
const DAY = 24 * 60 * 60 * 1000;

const limitTo = ({ stub }: Pick<Scene, "stub">, bytes: number) =>
  runInDurableObject(stub, ({ core }) => {
    core.dayBudget.limit = bytes;
  });

/** Bytes that count as sent today, by bisection of what is still taken. */
const spent = ({ stub }: Pick<Scene, "stub">, { person }: Writer) =>
  runInDurableObject(stub, ({ core: { dayBudget } }) => {
    let [low, high] = [0, dayBudget.limit];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (dayBudget.wait(person.id, middle, Date.now()) === 0) low = middle;
      else high = middle - 1;
    }
    return dayBudget.limit - low;
  });

/** A conversation of its owner alone. */
async function alone(owner: Writer): Promise<Pick<Scene, "stub"> & { head: TestBundle }> {
  const head = createBundle(owner.author, []);
  const { outcome } = await postBundle0(owner.person, head);
  if (outcome !== "ok") throw new Error(outcome);
  return { stub: stubOf(head.core.conversation), head };
}

describe("an account's bytes of a day", () => {
  test("the message too many is refused with the time to wait, what follows waits, and others go on", async () => {
    const pair = await seedPair();
    const { owner, patient, head } = pair;
    const already = await spent(pair, patient);
    const [first, second, third] = patient.writeMany(head, 3, 4_000);
    if (!first || !second || !third) throw new RangeError("three envelopes");
    await limitTo(pair, already + first.bytes.length + second.bytes.length);
    const socket = await open(patient, pair);
    socket.send(first, second);
    await socket.untilAcked(2);
    socket.send(third, patient.write(head));
    await socket.until(() => socket.all("refused").length === 2, "refusals");
    const [refusal, after] = socket.all("refused");
    expect(refusal).toMatchObject({ ref: third.header.messageId, error: "daily_limit" });
    expect(refusal?.retryAfterMs).toBeGreaterThan(0);
    expect(refusal?.retryAfterMs).toBeLessThanOrEqual(DAY);
    expect(after?.error).toBe("out_of_order");
    // A lost answer is no second message.
    socket.send(first);
    await socket.untilAcked(3);
    const other = await open(owner, pair);
    other.send(owner.write(head, 100));
    await other.untilAcked(1);
    await limitTo(pair, 32 * MIB);
    socket.send(third);
    await socket.untilAcked(4);
  });

  test("neither an eviction nor a prune gives anything back", async () => {
    const pair = await seedPair();
    const { stub, patient, head } = pair;
    const count = TUNING.tailKeep + 2 * TUNING.pruneStep;
    await fill(pair, await open(patient, pair), patient, head, count);
    const before = await spent(pair, patient);
    expect(before).toBeGreaterThan(count * 256);
    await evictDurableObject(stub);
    expect(await spent(pair, patient)).toBe(before);
    await runDurableObjectAlarm(stub);
    await runInDurableObject(stub, ({ core }) => {
      expect(core.memory?.pruned).toBeGreaterThan(0);
    });
    await evictDurableObject(stub);
    expect(await spent(pair, patient)).toBe(before);
  });

  test("a turn that storage refuses charges nothing", async () => {
    const pair = await seedPair();
    const before = await spent(pair, pair.patient);
    await runInDurableObject(pair.stub, ({ core }) => {
      const fail = () => {
        core.dayBudget.charge(pair.patient.person.id, 1_000, Date.now());
        throw new Error("disk");
      };
      expect(() => core.transact(fail)).toThrow("disk");
    });
    expect(await spent(pair, pair.patient)).toBe(before);
  });

  test("what the account sent in another conversation counts, by way of its Inbox", async () => {
    const owner = new Writer(await seedPerson("practitioner"));
    const [one, two] = [await alone(owner), await alone(owner)];
    const send = async (scene: typeof one, writer: Writer, ...sizes: number[]) => {
      const socket = await openConversation(writer.person, scene.head.core.conversation);
      socket.send(...sizes.map((size) => writer.write(scene.head, size)));
      await socket.untilAcked(sizes.length);
    };
    // Each conversation numbers the messages of a device by itself.
    const [inOne, inTwo] = [new Writer(owner.person), new Writer(owner.person)];
    await send(one, inOne, 40_000, 40_000);
    const here = await spent(one, owner);
    expect(here).toBeGreaterThan(80_000);
    await send(two, inTwo, 40_000, 40_000);
    await vi.waitFor(async () => expect(await spent(two, owner)).toBe(2 * here), 10_000);
    // An instance that is new asks again with its next message.
    await evictDurableObject(two.stub);
    await send(two, inTwo, 100);
    await vi.waitFor(async () => expect(await spent(two, owner)).toBeGreaterThan(2 * here), 10_000);
  });

  test("bundles count like messages, and a refused one leaves nothing behind", async () => {
    const scene = await seedConversation();
    const { owner, stub, genesis } = scene;
    const seq = () => runInDurableObject(stub, ({ core }) => core.memory?.last.seq);
    const before = await seq();
    const already = await spent(scene, owner);
    expect(already).toBeGreaterThan(genesis.upload.core.length);
    const bundle = inviteBundle(owner.author, genesis, freshInvite());
    await limitTo(scene, already);
    const socket = await open(owner, scene);
    sayBundle(socket, bundle);
    expect(await socket.next("refused")).toMatchObject({ error: "daily_limit" });
    expect(await seq()).toBe(before);
    await limitTo(scene, 32 * MIB);
    sayBundle(socket, bundle);
    await socket.next("accepted");
    const after = await spent(scene, owner);
    expect(after).toBeGreaterThan(already + bundle.upload.core.length);
    await evictDurableObject(stub);
    expect(await spent(scene, owner)).toBe(after);
  });
});

describe("I6 open invitations of conversations", () => {
  test("I6 the one too many is refused with its bundle; one fewer is taken", async () => {
    const scene = await seedConversation();
    const { owner, genesis } = scene;
    const bundle = inviteBundle(owner.author, genesis, freshInvite());
    const socket = await open(owner, scene);
    await withDeps(scene, () => ({ openInvitations: () => Promise.resolve(50) }));
    sayBundle(socket, bundle);
    expect(await socket.next("refused")).toMatchObject({ error: "invitation_limit" });
    await withDeps(scene, () => ({ openInvitations: () => Promise.resolve(49) }));
    sayBundle(socket, bundle);
    await socket.next("accepted");
  });
});

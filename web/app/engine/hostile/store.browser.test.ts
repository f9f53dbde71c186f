import { afterEach, expect, test } from "vitest";
import * as z from "zod/mini";
import { accountIdText, idBytes } from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { privateKeys } from "../../../core/private-state/keys.ts";
import { send, write, writeContent } from "../../../core/messages/room.test-kit.ts";
import { NOW } from "../../../core/people.test-kit.ts";
import { Reader, Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import type { StoreHealth } from "../../view.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept } from "../conversation/keep.ts";
import { conversationListed } from "../conversation/kept.ts";
import { type Served, type Tab, openTab, senderOf } from "../device.test-kit.ts";
import { createMender } from "../follow/mend.ts";
import { adoptKnown } from "../private/known-conversations.ts";
import { loadPrivateRecords } from "../private/private-records.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { LOCAL_CAP, storableBytes } from "../store/codec.ts";
import { type Damage, DamagedRecord } from "../store/damaged.ts";
import { IDENTITY_KEY } from "../account/identity.ts";
import { conversationRecord, identityRecord, marksRecord } from "../store/records.ts";
import { NO_FLAGS } from "../../../core/private-state/flags.ts";

const talk = await newTalk("hostile to the store");
const { room, messages } = talk;
const { owner, patient, together } = room;
/** Less than what a message adds to a record. */
const SPARE = 60;
/** Characters that fill a record up to its cap but for so little, beside what it has with `short`. */
const filling = (schema: z.ZodMiniType, short: unknown): string =>
  "a".repeat(LOCAL_CAP - storableBytes(schema, short).length - SPARE);

function serve(more: Partial<Served> = {}) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  return { server, people: [patient], ...more } satisfies Served;
}
const tab = (served: Served): Promise<Tab> => openTab(owner, together.id, served);

afterEach(forgetDevice);

const HONEST = ["create", "join", "one", "two", "three"];
const targetOf = ({ deviceSeq, digest }: (typeof messages)[number], seq: number) => ({
  device: patient.device.id,
  deviceSeq,
  digest,
  seq,
});

/** The patient reacts to their first message, and writes on. */
async function goOn(server: Server): Promise<void> {
  const reaction = { kind: "reaction" as const, target: targetOf(messages[0]!, 3), emoji: "👍" };
  const reacted = writeContent(room, patient, reaction, messages[2]!);
  server.envelope(await send(room, patient, reacted));
  server.envelope(await send(room, patient, write(room, patient, "four", reacted)));
}

test("E1 what a received message would make too large to be read is refused: a placeholder, and the log goes on", async () => {
  for (const isFull of [true, false]) {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    const named = { device: patient.device.id, deviceSeq: 1, digest: messages[0]!.digest };
    const markOf = (text: string) => {
      const wish = { kind: "edit" as const, text };
      return { account: patient.account, seq: 4, at: 1, sentAt: NOW, named, wish };
    };
    const mark = markOf(isFull ? filling(marksRecord, { marks: [markOf("")] }) : "short");
    await here.deps.store.write(["marks"], (writer) =>
      writer.put("marks", [here.id, 3], marksRecord, { marks: [mark] }),
    );
    await goOn(served.server);
    await here.catchUp.newer(here.id);
    const sixth = isFull ? "unstorable" : "reaction";
    const missing = isFull ? "?four" : "four";
    expect(await here.shown()).toEqual([...HONEST, sixth, missing]);
    expect(await here.record()).toMatchObject({ cursor: 7, blocked: null });
    await forgetDevice();
  }
});

test("E1 a message that would make what is kept of its conversation unreadable is a placeholder", async () => {
  for (const isFull of [true, false]) {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    const kept = await here.library.record(here.id);
    const title = isFull ? filling(conversationRecord, kept) : "short";
    await changeKept(here.deps.store, here.id, (now) => ({ ...now, title }));
    const profile = { kind: "profile" as const, name: "b".repeat(LIMITS.publicName) };
    const named = writeContent(room, patient, profile, messages[2]!);
    served.server.envelope(await send(room, patient, named));
    served.server.envelope(await send(room, patient, write(room, patient, "four", named)));
    await here.catchUp.newer(here.id);
    expect(await here.record()).toMatchObject({ cursor: 7, blocked: null });
    const [, , , , , sixth] = await here.shown();
    expect(sixth).toBe(isFull ? "unstorable" : "profile");
    await forgetDevice();
  }
});

test("E1 what is said of accounts outside of the roster is not kept; what is said of members is", async () => {
  const strangers = Array.from({ length: 50 }, (_, i) => ({
    account: new Uint8Array(32).fill(i + 1),
    seq: 5,
  }));
  const member = { account: patient.account, seq: 4 };
  const here = await tab(serve({ received: [...strangers, member] }));
  await here.catchUp.tails([here.id]);
  for (const { account } of strangers) await here.catchUp.learnReceived(here.id, account, 9);
  expect((await here.record()).received).toEqual({ [accountIdText(patient.account)]: 4 });
});

const bytesOf = (length: number) => new Uint8Array(length).fill(3);

/** One kind of record after another, and what of it is damaged. */
const KINDS = [
  ["conversations", (here: Tab) => here.id],
  ["chainEnds", (here: Tab) => here.id],
  ["reading", (here: Tab) => here.id],
  ["bundles", (here: Tab) => [here.id, 0]],
  ["messages", (here: Tab) => [here.id, 4]],
  ["marks", (here: Tab) => [here.id, 3]],
  ["outbox", (here: Tab) => [here.id, 1]],
] as const satisfies readonly (readonly [Damage["store"], (here: Tab) => Damage["key"]])[];

async function withMender(here: Tab) {
  const told: StoreHealth[] = [];
  const privateRecords = await loadPrivateRecords(
    here.deps,
    privateKeys(here.me.account, here.me.userKeys),
  );
  const mender = createMender({
    deps: here.deps,
    me: here.me,
    library: here.library,
    directory: here.directory,
    catchUp: here.catchUp,
    privateRecords: { find: privateRecords.find, sync: () => Promise.resolve(0) },
    changed: () => undefined,
    tell: (health) => told.push(health),
  });
  return { mender, told };
}

test.each(KINDS)(
  "E1 a damaged record of %s is set aside, said, and fetched anew; writing goes on",
  async (store, keyIn) => {
    const served = serve({ tail: 2 });
    const before = await tab(served);
    await before.catchUp.newer(before.id);
    const mine = write(room, owner, "mine");
    const take: Parameters<typeof senderOf>[1] = (_, sent) =>
      Promise.resolve(
        sent.map(({ envelope }) => {
          served.server.envelope(envelope);
          return { type: "taken", seq: served.server.entries.length, at: NOW };
        }),
      );
    await before.outbox.add(before.id, { kind: "text", text: "mine" });
    await senderOf(before, take).flush(before.id);
    served.server.envelope(await send(room, patient, write(room, patient, "four", messages[2]!)));
    await before.catchUp.newer(before.id);
    const reaction = { kind: "reaction" as const, target: targetOf(messages[0]!, 3), emoji: "👍" };
    await before.outbox.add(before.id, reaction);
    await senderOf(before, take).flush(before.id);
    await before.outbox.add(before.id, { kind: "text", text: "waits" });
    await changeKept(before.deps.store, before.id, (kept) => ({ ...kept, title: "Ana" }));
    const whole = await before.shown();
    expect(whole).toEqual([...HONEST, "mine", "four", "reaction"]);
    expect(mine.deviceSeq).toBe(1);
    await before.db.put(store, bytesOf(80), keyIn(before) as never);
    before.close();

    const here = await openTab(owner, together.id, served, { begin: false });
    // What a conversation would begin anew without is not taken for nothing.
    const isBeginning = store === "conversations" || store === "chainEnds";
    const held = await here.library.kept(here.id).then(
      () => "read",
      (error: unknown) => (error instanceof DamagedRecord ? "damaged" : error),
    );
    expect(held).toBe(isBeginning ? "damaged" : "read");
    const { mender, told } = await withMender(here);
    // What reads of it finds the damage; nothing else is hidden by it.
    for (const name of KINDS) await here.deps.store.readAll(name[0], z.unknown());
    await here.library.kept(here.id).catch(() => null);
    await mender.settled();
    await expect.poll(() => told).toEqual(["mending", "mended"]);
    const again = await here.record();
    expect(again.blocked).toBeNull();
    await here.catchUp.older(here.id);
    await here.catchUp.older(here.id);
    expect(await here.shown()).toEqual(whole);
    // It writes on where its chain ended, under a number that the server has not seen.
    await here.outbox.add(here.id, { kind: "text", text: "more" });
    await senderOf(here, take).flush(here.id);
    const { verdicts } = await new Reader(together.id, patient, owner).take(
      served.server.page(patient.account),
    );
    expect(new Set(verdicts)).toEqual(new Set(["new"]));
    expect((await here.record()).own.deviceSeq).toBe(store === "outbox" ? 3 : 4);
    expect((await here.shown()).at(-1)).toBe("more");
    mender.close();
  },
);

test("E1 a damaged record of who this device is is written again while it works", async () => {
  const here = await tab(serve());
  const { mender } = await withMender(here);
  await here.db.put("state", bytesOf(80), IDENTITY_KEY);
  await here.deps.store.readAll("state", z.unknown());
  await mender.settled();
  const again = await here.deps.store.read("state", IDENTITY_KEY, identityRecord);
  expect(again).toMatchObject({ account: here.me.account, device: here.me.device.id, bound: true });
  mender.close();
});

test("E1 what was written while the own chain was sought goes out once it is found", async () => {
  const served = serve();
  const before = await tab(served);
  await before.catchUp.newer(before.id);
  await before.db.put("conversations", bytesOf(80), before.id);
  before.close();
  let found = 0;
  const here = await openTab(owner, together.id, served, {
    begin: false,
    writesOn: () => void (found += 1),
  });
  await here.library.kept(here.id).catch(() => null);
  const { mender } = await withMender(here);
  await mender.settled();
  await expect.poll(() => found).toBe(1);
  expect((await here.record()).ownChain).not.toBe("sought");
  mender.close();
});

test("E1 the private record of a conversation that the Inbox named first gives it its name and link", async () => {
  const here = await tab(serve());
  const row = { lastAt: 5, lastSeq: 0, readSeq: 0 };
  const about = { title: "", owner: here.me.account, createdAt: 5 };
  await here.deps.store.write(CONVERSATION_STORES, (writer) =>
    beginKeptIn(
      writer,
      here.id,
      conversationListed(about, row, { invitation: null, flags: NO_FLAGS }),
    ),
  );
  // The list can be read before the record is here.
  expect([...(await here.library.records()).keys()]).toEqual([here.id]);
  const invite = { id: bytesOf(16), secret: bytesOf(32), expiresAt: NOW };
  const known = {
    kind: "conversation" as const,
    conversation: idBytes(here.id),
    label: "Ana M.",
    invite,
    inviter: null,
    createdAt: 5,
  };
  const changed: string[] = [];
  const adopt = () =>
    adoptKnown(here.deps, here.me, here.library, { all: () => [known] }, (id) => changed.push(id));
  await adopt();
  expect(await here.record()).toMatchObject({
    title: "Ana M.",
    invitation: { secret: invite.secret, expiry: NOW },
  });
  await adopt();
  expect(changed).toEqual([here.id]);
});

test("E1 a write that its schema refuses leaves everything as it was", async () => {
  const here = await tab(serve());
  const refused = here.deps.store.write(CONVERSATION_STORES, async (writer) => {
    await writer.put("conversations", "another", z.unknown(), { half: true });
    const record = await writer.get("conversations", here.id, conversationRecord);
    if (record)
      await writer.put("conversations", here.id, conversationRecord, { ...record, lastAt: -1 });
  });
  await expect(refused).rejects.toMatchObject({ code: "unstorable" });
  expect([...(await here.library.records()).keys()]).toEqual([here.id]);
  expect((await here.record()).lastAt).toBe(NOW);
});

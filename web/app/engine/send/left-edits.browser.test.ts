import { afterEach, expect, test } from "vitest";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { newDevice } from "../../../core/account/device.ts";
import { type Content, EDITS_CAP, type Target, isShown } from "../../../core/messages/content.ts";
import { epochOf, send, senderOf, writeContent } from "../../../core/messages/room.test-kit.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import { NOW, type Person, changed } from "../../../core/people.test-kit.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Served, type Tab, openTab, senderOf as sending } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { marksRecord, messageRecord } from "../store/records.ts";
import { changeableAt } from "./say.ts";

const talk = await newTalk("engine edits left");
const { room } = talk;
const { owner, patient, together, suite } = room;
let tab: Tab;

afterEach(forgetDevice);

async function withNewDevice(person: Person): Promise<Person> {
  const device = newDevice(suite.random);
  const signer = await suite.ed25519.signer(device.signSeed);
  return { ...(await changed(suite, person, { addDevice: device })), device, signer };
}

/** A server that removes what it is asked to; the phone's tab on it, which is level. */
async function scene() {
  const desk = await withNewDevice(owner);
  const phone = { ...desk, device: owner.device, signer: owner.signer };
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  const holes = new Set<number>();
  const asked: unknown[] = [];
  const served: Served = {
    server,
    people: [patient],
    holes,
    deletions(body) {
      asked.push(body);
      holes.add((body as { seq: number }).seq);
      return {};
    },
  };
  const take = (envelope: Uint8Array): number => server.entries.push({ at: NOW, envelope });
  tab = await openTab(phone, together.id, served);
  await tab.catchUp.newer(tab.id);
  const flush = () =>
    sending(tab, async (_, sent) =>
      sent.map(({ envelope }) => ({ type: "taken", seq: take(envelope), at: NOW })),
    ).flush(tab.id);
  const say = async (content: Content) => {
    if (content.kind !== "profile") await tab.outbox.add(tab.id, content);
    await flush();
  };
  /** The other device of the same person writes, without having read on. */
  let tip: ReturnType<typeof writeContent> | null = null;
  const deskSays = async (content: Content): Promise<Target> => {
    tip = writeContent(room, desk, content, tip);
    const epoch = epochOf(together);
    const seq = take(await sealEnvelope(suite.random, senderOf(desk, 2), epoch, tip));
    return { device: desk.device.id, deviceSeq: tip.deviceSeq, digest: tip.digest, seq };
  };
  return { served, desk, asked, holes, say, flush, deskSays };
}

const changeable = (seq: number) => changeableAt(tab.deps, tab.id, seq, owner.account, isShown);

/** A message at 6, as changes name it. */
async function writeOne(say: (content: Content) => Promise<void>): Promise<Target> {
  await say({ kind: "text", text: "secret" });
  return (await changeable(6)).target;
}

const lastSaid = async () => {
  const rows = await tab.deps.store.readAll("messages", messageRecord);
  const last = rows.at(-1)?.value;
  return last?.type === "message" ? last.body : null;
};

const outbox = async () =>
  (await tab.outbox.entries(tab.id)).map(({ entry }) => `${entry.body.kind}:${entry.state.state}`);

/** Everything of messages and marks that stands on the device, readable. */
const readable = async () =>
  JSON.stringify([
    await tab.deps.store.readAll("messages", messageRecord),
    await tab.deps.store.readAll("marks", marksRecord),
    await tab.outbox.entries(tab.id),
  ]);

test("M5 an edit that was on its way when its message was deleted is removed at the server as well", async () => {
  const { say, flush, asked, served, desk } = await scene();
  const target = await writeOne(say);
  await tab.outbox.add(tab.id, { kind: "edit", target, text: "also secret" });
  await tab.outbox.assign(tab.id, 1);
  const { edits } = await changeable(6);
  expect(edits).toEqual([]);
  await tab.outbox.add(tab.id, { kind: "deletion", target, edits });
  await flush();
  expect(asked).toEqual([
    { seq: 6, deletion: 8 },
    { seq: 6, deletion: 9 },
    { seq: 7, deletion: 9 },
  ]);
  expect(await lastSaid()).toMatchObject({ kind: "deletion", target, edits: [{ seq: 7 }] });
  expect(await tab.record()).toMatchObject({ editsLeft: [], deletionsDue: [], outbox: [] });
  await flush();
  expect(asked).toHaveLength(3);
  expect(await readable()).not.toContain("secret");
  // Somebody who has read nothing yet misses nothing: everything that is gone is named.
  await forgetDevice();
  tab = await openTab(await withNewDevice(patient), together.id, { ...served, people: [desk] });
  await tab.catchUp.newer(tab.id);
  expect((await tab.shown()).slice(5)).toEqual(["deletion", "deletion"]);
});

test("M5 an edit that another device wrote before it knew of the deletion is removed when it is read", async () => {
  const { say, flush, asked, deskSays } = await scene();
  const target = await writeOne(say);
  await say({ kind: "deletion", target });
  await deskSays({ kind: "edit", target, text: "still secret" });
  await tab.catchUp.newer(tab.id);
  expect((await tab.record()).editsLeft).toEqual([{ seq: 6, edit: 8 }]);
  await flush();
  expect(asked.slice(-1)).toEqual([{ seq: 8, deletion: 9 }]);
  expect(await readable()).not.toContain("secret");
});

test("M5 a deletion that another device wrote before it knew of the edit: this one, which wrote it, sees to it", async () => {
  const { say, flush, asked, deskSays } = await scene();
  const target = await writeOne(say);
  await say({ kind: "edit", target, text: "still secret" });
  await deskSays({ kind: "deletion", target });
  await tab.catchUp.newer(tab.id);
  await flush();
  expect(asked.slice(-1)).toEqual([{ seq: 7, deletion: 9 }]);
  expect(await readable()).not.toContain("secret");
});

test("M5 what a deletion names already, in whichever order it came, is not named again", async () => {
  const { say, flush, asked, deskSays } = await scene();
  const target = await writeOne(say);
  const edit = await deskSays({ kind: "edit", target, text: "still secret" });
  await deskSays({ kind: "deletion", target, edits: [edit] });
  await tab.catchUp.newer(tab.id);
  expect((await tab.record()).editsLeft).toEqual([{ seq: 6, edit: 7 }]);
  await flush();
  expect(asked).toEqual([]);
  expect(await tab.record()).toMatchObject({ editsLeft: [], outbox: [], cursor: 8 });
});

test("M5 what the server would not remove any more is not asked for", async () => {
  const { say, flush, asked, deskSays } = await scene();
  const target = await writeOne(say);
  await deskSays({ kind: "edit", target, text: "of yesterday" });
  await deskSays({ kind: "deletion", target });
  await tab.catchUp.newer(tab.id);
  const { now } = tab.deps;
  Object.assign(tab.deps, { now: () => NOW + LIMITS.changeMs + 1 });
  await flush();
  Object.assign(tab.deps, { now });
  expect(asked).toEqual([]);
  expect(await tab.record()).toMatchObject({ editsLeft: [], outbox: [] });
});

test("M5 another person's deletion of a place that the server hides removes no edit at the server", async () => {
  const { say, flush, asked, served, desk } = await scene();
  const target = await writeOne(say);
  await say({ kind: "edit", target, text: "stays" });
  await forgetDevice();
  const claim = writeContent(room, patient, { kind: "deletion", target }, talk.messages[2] ?? null);
  served.server.entries.push({ at: NOW, envelope: await send(room, patient, claim) });
  const holes = new Set([6]);
  tab = await openTab(desk, together.id, { ...served, holes });
  await tab.catchUp.newer(tab.id);
  await flush();
  expect(asked).toEqual([]);
  expect(await tab.record()).toMatchObject({ editsLeft: [], outbox: [] });
});

test("M5 edits that wait, or failed, go with a message that another device deletes; what may be out does not", async () => {
  const { say, flush, deskSays, asked } = await scene();
  const target = await writeOne(say);
  const edit = (text: string) => tab.outbox.add(tab.id, { kind: "edit", target, text });
  await edit("failed");
  const [ready] = await tab.outbox.assign(tab.id, 1);
  await tab.outbox.failed(tab.id, ready?.order ?? 0, "too_large");
  await edit("out");
  await tab.outbox.assign(tab.id, 1);
  await edit("waits");
  expect(await outbox()).toEqual(["edit:failed", "edit:assigned", "edit:queued"]);
  await deskSays({ kind: "deletion", target });
  await tab.catchUp.newer(tab.id);
  expect(await outbox()).toEqual(["edit:assigned"]);
  await flush();
  expect(asked.slice(-1)).toEqual([{ seq: 8, deletion: 9 }]);
  expect(await outbox()).toEqual([]);
});

test("M5 a change that was refused and is about a message that is gone leaves nothing waiting for ever", async () => {
  const { say, flush, deskSays } = await scene();
  const target = await writeOne(say);
  await tab.outbox.add(tab.id, { kind: "deletion", target });
  const [ready] = await tab.outbox.assign(tab.id, 1);
  await tab.outbox.failed(tab.id, ready?.order ?? 0, "bad_request");
  await flush();
  expect(await outbox()).toEqual(["deletion:failed"]);
  await deskSays({ kind: "deletion", target });
  await tab.catchUp.newer(tab.id);
  await flush();
  expect(await outbox()).toEqual([]);
});

test("M5 read backwards, an own edit of what was deleted is found as well", async () => {
  const { say, deskSays, served, asked, flush, holes, desk } = await scene();
  const target = await writeOne(say);
  await deskSays({ kind: "edit", target, text: "still secret" });
  await deskSays({ kind: "deletion", target });
  holes.add(6);
  await forgetDevice();
  tab = await openTab(await withNewDevice(desk), together.id, served);
  const items = served.server.page(owner.account).filter(({ seq }) => seq <= 2 || seq >= 7);
  await tab.receiver.tail(tab.id, items, 8);
  expect((await tab.record()).oldest).toBe(7);
  await tab.catchUp.older(tab.id);
  expect((await tab.record()).editsLeft).toEqual([{ seq: 6, edit: 7 }]);
  await flush();
  expect(asked.slice(-1)).toEqual([{ seq: 7, deletion: 9 }]);
  expect(await readable()).not.toContain("secret");
});

test("M5 of more edits than one deletion can name, the rest is named by another", async () => {
  const { say, asked } = await scene();
  const target = await writeOne(say);
  for (let i = 0; i <= EDITS_CAP; i++) {
    await tab.outbox.add(tab.id, { kind: "edit", target, text: `secret ${i}` });
  }
  await say({ kind: "edit", target, text: "last" });
  const { edits } = await changeable(6);
  expect(edits).toHaveLength(EDITS_CAP);
  await say({ kind: "deletion", target, edits });
  expect(new Set(asked.map((one) => (one as { seq: number }).seq)).size).toBe(1 + EDITS_CAP + 2);
  expect(await readable()).not.toContain("secret");
});

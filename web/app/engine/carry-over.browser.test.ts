import { afterEach, describe, expect, test } from "vitest";
import { ProtocolError } from "../../../workers/protocol/errors.ts";
import { newDevice } from "../../core/account/device.ts";
import { send, write } from "../../core/messages/room.test-kit.ts";
import { type Person, changed } from "../../core/people.test-kit.ts";
import { Server, newTalk } from "../../core/sync/server.test-kit.ts";
import { STORES, deleteDatabase } from "../../platform/database.ts";
import { beginDevice, dropDevice } from "./carry-over.ts";
import { type Served, type Tab, logOf, openTab } from "./device.test-kit.ts";
import { draftKeyOf, localDraft } from "./drafts.ts";
import { IDENTITY_KEY, identityRecordOf } from "./identity.ts";
import { conversationRecord, identityRecord } from "./records.ts";
import { createSender } from "./send.ts";
import { settleUnanswered } from "./unanswered.ts";

const talk = await newTalk("engine carries over");
const { room } = talk;
const { owner, patient, together, suite } = room;
const tabs: Tab[] = [];

/** The owner's account with one more device, which is the one that acts from now on. */
async function withNewDevice(): Promise<Person> {
  const device = newDevice(suite.random);
  const person = await changed(suite, owner, { addDevice: device });
  return { ...person, device, signer: await suite.ed25519.signer(device.signSeed) };
}

const recordOf = ({ account, device, prepared }: Person) =>
  identityRecordOf(account, device, prepared.userKeys, {
    role: "practitioner",
    name: "Dr.",
    bound: true,
  });

async function open(self: Person, served: Served): Promise<Tab> {
  const tab = await openTab(self, together.id, served);
  tabs.push(tab);
  return tab;
}

/** The old device: level with the server, three messages written, the first two transmitted and not answered. */
async function scene() {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  const served: Served = { server, people: [patient], pageSize: 2 };
  const tab = await open(owner, served);
  await tab.deps.store.write(["state"], (writer) =>
    writer.put("state", IDENTITY_KEY, recordOf(owner)),
  );
  await tab.catchUp.newer(tab.id);
  for (const text of ["arrived", "lost", "later"]) {
    await tab.outbox.add(tab.id, { kind: "text", text });
  }
  const out = await tab.outbox.assign(tab.id, 2);
  const [first] = out;
  if (!first) throw new RangeError("nothing to send");
  server.envelope(await send(room, owner, first.message));
  return { server, served, tab };
}

/** Others wrote on, so that the newest messages alone do not show what became of it. */
async function writeOn(server: Server): Promise<void> {
  let tip = talk.messages[2] ?? null;
  for (const text of ["four", "five", "six"]) {
    tip = write(room, patient, text, tip);
    server.envelope(await send(room, patient, tip));
  }
}

/** The tail as the server gives it to a device that has nothing (K13). */
async function takeTail(tab: Tab, self: Person, served: Served): Promise<void> {
  const items = logOf(served, self);
  const newest = items.filter((item) => "envelope" in item).slice(-1);
  const tail = items.filter((item) => "bundle" in item || newest.includes(item));
  await tab.receiver.tail(tab.id, tail, items.at(-1)?.seq ?? 0);
}

const settle = (tab: Tab, catchUp = tab.catchUp) =>
  settleUnanswered(
    {
      deps: tab.deps,
      library: tab.library,
      catchUp,
      outbox: tab.outbox,
      me: tab.me,
      changed: () => undefined,
    },
    tab.id,
  );

const waiting = async (tab: Tab): Promise<string[]> =>
  (await tab.outbox.entries(tab.id)).map(
    ({ entry }) => `${entry.draft.kind === "text" ? entry.draft.text : ""}:${entry.state.state}`,
  );

/** Sends what waits to the server, which takes everything. */
async function flush(tab: Tab, server: Server): Promise<void> {
  const sender = createSender({
    deps: tab.deps,
    library: tab.library,
    outbox: tab.outbox,
    directory: tab.directory,
    me: () => tab.me,
    catchUp: (id) => tab.catchUp.newer(id),
    settleUnanswered: () => settle(tab),
    renew: () => Promise.resolve(),
    transmit: (_, messages) =>
      Promise.resolve(
        messages.map(({ envelope }) => {
          server.envelope(envelope);
          return { type: "taken", seq: server.entries.length, at: server.entries.length };
        }),
      ),
  });
  await sender.flush(tab.id);
}

afterEach(async () => {
  for (const { db } of tabs.splice(0)) db.close();
  await deleteDatabase();
});

describe("K13: the same account signs in again on this device", () => {
  test("A4, M6: what was not sent goes out exactly once, in order, and what had arrived does not go again", async () => {
    const { server, served, tab } = await scene();
    await writeOn(server);
    const next = await withNewDevice();
    await beginDevice(tab.deps.store, recordOf(next));
    const here = await open(next, served);
    expect(await waiting(here)).toEqual(["arrived:unanswered", "lost:unanswered", "later:queued"]);
    await takeTail(here, next, served);
    await flush(here, server);
    expect(await waiting(here)).toEqual([]);

    const texts = ["arrived", "four", "five", "six", "lost", "later"];
    expect((await here.shown()).slice(-texts.length)).toEqual(texts);
    expect((await here.record()).blocked).toBeNull();
    // Somebody else reads the same: nothing twice, nothing missing.
    const other = await openTabElsewhere(served, next);
    expect((await other.shown()).slice(-texts.length)).toEqual(texts);
  });

  test("M6: while it cannot be told whether it arrived, nothing of it is sent", async () => {
    const { server, served, tab } = await scene();
    await writeOn(server);
    const next = await withNewDevice();
    await beginDevice(tab.deps.store, recordOf(next));
    const here = await open(next, served);
    await takeTail(here, next, served);
    const unreachable = new ProtocolError("unavailable");
    const older = () => Promise.reject(unreachable);
    await expect(settle(here, { ...here.catchUp, older })).rejects.toBe(unreachable);
    expect(await here.outbox.assign(here.id, 9)).toEqual([]);
    expect(await waiting(here)).toEqual(["arrived:unanswered", "lost:unanswered", "later:queued"]);
  });

  test("A1: a sign-in that begins again, or a device that never came to be, costs nothing", async () => {
    const { tab } = await scene();
    const { store } = tab.deps;
    await store.write(["state"], (writer) =>
      writer.put("state", draftKeyOf(tab.id), { text: "half a sentence", at: 1, known: 0 }),
    );
    await beginDevice(store, recordOf(await withNewDevice()));
    await beginDevice(store, recordOf(await withNewDevice()));
    await dropDevice(store);
    expect(await store.read("state", IDENTITY_KEY, identityRecord)).toBeNull();
    await beginDevice(store, recordOf(await withNewDevice()));
    expect((await waiting(tab)).length).toBe(3);
    // The place from which the log has to be read is the first device's, which had read so far.
    const [first] = await tab.outbox.entries(tab.id);
    expect(first?.entry.state).toEqual({ state: "unanswered", after: 5 });
    expect((await store.read("state", draftKeyOf(tab.id), localDraft))?.text).toBe(
      "half a sentence",
    );
  });

  test("K9: a flag that no other device knows yet is carried as well, everything else is not", async () => {
    const { tab } = await scene();
    const { store } = tab.deps;
    const before = await tab.record();
    await store.write(["conversations"], (writer) =>
      writer.put("conversations", tab.id, {
        ...before,
        flags: { ...before.flags, pinned: true },
        flagsPending: ["pinned"],
      }),
    );
    await beginDevice(store, recordOf(await withNewDevice()));
    const after = await store.read("conversations", tab.id, conversationRecord);
    expect(after).toMatchObject({ cursor: 0, head: -1, tips: {}, flagsPending: ["pinned"] });
    expect(after?.own).toEqual({ deviceSeq: 0, digest: null });
    expect(await tab.db.getAllKeys("messages")).toEqual([]);
    expect(await tab.db.getAllKeys("bundles")).toEqual([]);
  });
});

test("M5, K13: what the server is still to be asked to remove is asked for by the account's next device", async () => {
  const { tab, served } = await scene();
  const { store } = tab.deps;
  await store.write(["conversations", "outbox"], async (writer) => {
    await writer.clear("outbox");
    const record = await writer.get("conversations", tab.id, conversationRecord);
    const deletionsDue = [{ seq: 4, deletion: 5 }];
    await writer.put("conversations", tab.id, { ...record, outbox: [], deletionsDue });
  });
  const next = await withNewDevice();
  await beginDevice(store, recordOf(next));
  const asked: unknown[] = [];
  const here = await open(next, { ...served, deletions: (body) => asked.push(body) });
  await takeTail(here, next, served);
  await flush(here, served.server);
  expect(asked).toEqual([{ seq: 4, deletion: 5 }]);
  expect((await here.record()).deletionsDue).toEqual([]);
});

test("K8: another account that signs in finds nothing of the former one", async () => {
  const { tab } = await scene();
  await tab.deps.store.write(["state"], (writer) =>
    writer.put("state", draftKeyOf(tab.id), { text: "half a sentence", at: 1, known: 0 }),
  );
  await beginDevice(tab.deps.store, recordOf(patient));
  for (const name of STORES) {
    expect(await tab.db.getAllKeys(name)).toEqual(name === "state" ? [IDENTITY_KEY] : []);
  }
});

/** The other person's device, in a database of its own. */
async function openTabElsewhere(served: Served, author: Person): Promise<Tab> {
  for (const { db } of tabs.splice(0)) db.close();
  await deleteDatabase();
  const device = newDevice(suite.random);
  const signer = await suite.ed25519.signer(device.signSeed);
  const reader = { ...(await changed(suite, patient, { addDevice: device })), device, signer };
  const tab = await open(reader, { ...served, people: [author] });
  await tab.catchUp.newer(tab.id);
  return tab;
}

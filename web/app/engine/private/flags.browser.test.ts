import * as z from "zod/mini";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accountIdText, conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newDevice } from "../../../core/account/device.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { newKemKey } from "../../../core/crypto/kem.ts";
import { privateKeys } from "../../../core/private-state/keys.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { Deps } from "../store/deps.ts";
import { createFlags } from "./flags.ts";
import type { Identity } from "../account/identity.ts";
import { createLibrary } from "../conversation/library.ts";
import { closeStores, forgetDevice, openStore, random } from "../store/local-store.test-kit.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import { conversationIn, loadPrivateRecords } from "./private-records.ts";
import { conversationRecord } from "../store/records.ts";

const id = conversationIdText(random.bytes(32));
const account = random.bytes(32);
const device = newDevice(random);
const userKeys = [newKemKey(random)];
const me: Identity = {
  account,
  id: accountIdText(account),
  role: "practitioner",
  name: "Dr.",
  device,
  signer: await nobleEd25519.signer(device.signSeed),
  userKeys,
};

/** The server's private records with their versions. */
const server = new Map<string, { version: number; value: string }>();
let online = true;
let deps: Deps;

/** The three routes of private state, as the server answers them. */
function answer(name: string, request: { params?: { key: string }; body?: unknown }): unknown {
  if (!online) throw new PlatformError("offline");
  const key = request.params?.key ?? "";
  const held = server.get(key);
  if (name === "privateRecord") return held;
  if (name === "privatePage") {
    return { records: [...server].map(([key, record]) => ({ key, ...record })), next: null };
  }
  const { version, value } = request.body as { version: number; value: string };
  if ((held?.version ?? 0) !== version) throw new ProtocolError("stale_version");
  server.set(key, { version: version + 1, value });
  return null;
}

/** A start of the app: nothing but what the database holds. */
async function start() {
  closeStores();
  const { store } = await openStore();
  const call = async (name: string, request: object) => answer(name, request);
  deps = {
    store,
    suite: { random, ed25519: nobleEd25519 },
    now: () => 1_000,
    api: { call: call as unknown as Deps["api"]["call"] },
  };
  const privateRecords = await loadPrivateRecords(deps, privateKeys(account, userKeys));
  const library = createLibrary(deps);
  const flags = createFlags(deps, me, library, privateRecords, () => undefined);
  const record = async () => {
    const found = await library.record(id);
    if (!found) throw new Error("no record");
    return found;
  };
  const reconnect = async () => {
    await privateRecords.sync();
    await flags.sync();
  };
  return { flags, privateRecords, record, reconnect };
}

const begin = () =>
  deps.store.write(CONVERSATION_STORES, (writer) =>
    beginKeptIn(writer, id, {
      ...newConversation({ title: "Ana", owner: account, createdAt: 1 }),
      lastSeq: 4,
      lastAt: 40,
    }),
  );

beforeEach(async () => {
  server.clear();
  online = true;
  await start();
  await begin();
});

afterEach(forgetDevice);

async function settled(it: Awaited<ReturnType<typeof start>>): Promise<void> {
  await expect.poll(async () => (await it.record()).flagsPending).toEqual([]);
}

test("K9 a flag holds offline and through a restart, and goes out with the next connection", async () => {
  online = false;
  const before = await start();
  await before.flags.set([id], { pinned: true, archived: true });
  expect((await before.record()).flags).toEqual({
    pinned: true,
    muted: null,
    archived: { seq: 4, at: 40 },
  });
  const after = await start();
  expect((await after.record()).flagsPending).toEqual(["pinned", "archived"]);
  online = true;
  await after.reconnect();
  await settled(after);
  expect(conversationIn(after.privateRecords, id)).toMatchObject({
    label: "Ana",
    flags: { pinned: true, muted: null, archived: { seq: 4, at: 40 } },
  });
});

test("K9 two devices change different flags: both changes stay", async () => {
  const first = await start();
  await first.flags.set([id], { pinned: true });
  await settled(first);
  first.flags.close();

  // The other device: its own database, which never heard of the pin.
  await forgetDevice();
  const second = await start();
  await begin();
  await second.flags.set([id], { muted: { until: null } });
  await settled(second);
  expect((await second.record()).flags).toEqual({
    pinned: true,
    muted: { until: null },
    archived: null,
  });
});

test("what was changed again while it was on its way still waits", async () => {
  const it = await start();
  await it.flags.set([id], { pinned: true });
  await it.flags.set([id], { pinned: false });
  await settled(it);
  expect((await it.record()).flags.pinned).toBe(false);
  expect(conversationIn(it.privateRecords, id)?.flags?.pinned).toBe(false);
});

test("E4 a record of a Thyme without flags opens with none", async () => {
  const it = await start();
  const { flags: _, flagsPending: __, ...older } = await it.record();
  await deps.store.write(["conversations"], (writer) =>
    writer.put("conversations", id, z.unknown(), older),
  );
  const opened = await deps.store.read("conversations", id, conversationRecord);
  expect(opened?.flags).toEqual({ pinned: false, muted: null, archived: null });
});

test("K9 muting leaves a conversation in the list that came back from the archive", async () => {
  const it = await start();
  const receive = async () => {
    const record = await it.record();
    const newest = { lastSeq: record.lastSeq + 1, lastAt: 50 };
    await changeKept(deps.store, id, (kept) => ({ ...kept, ...newest }));
  };
  await it.flags.set([id], { archived: true });
  await receive();
  await it.flags.set([id], { muted: { until: null } });
  expect((await it.record()).flags).toEqual({
    pinned: false,
    muted: { until: null },
    archived: null,
  });
  // What is put away while it is muted stays away.
  await it.flags.set([id], { archived: true });
  await receive();
  await it.flags.set([id], { muted: { until: 2_000 } });
  expect((await it.record()).flags.archived).toEqual({ seq: 5, at: 50 });
  await settled(it);
  expect(conversationIn(it.privateRecords, id)?.flags?.archived).toEqual({ seq: 5, at: 50 });
});

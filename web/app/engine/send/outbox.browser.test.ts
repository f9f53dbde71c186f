import * as z from "zod/mini";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { newDevice } from "../../../core/account/device.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import type { Deps } from "../store/deps.ts";
import type { Identity } from "../account/identity.ts";
import {
  type LocalStore,
  closeStores,
  forgetDevice,
  openStore,
  random,
} from "../store/local-store.test-kit.ts";
import { CONVERSATION_STORES, beginKeptIn, keptOf } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import { type Outbox, createOutbox } from "./outbox.ts";
import { messageRecord } from "../store/records.ts";

const conversation = random.bytes(32);
const id = conversationIdText(conversation);
const account = random.bytes(32);
const device = newDevice(random);

let db: LocalStore["db"];
let deps: Deps;
let outbox: Outbox;

const me = async (): Promise<Identity> => ({
  account,
  id: toBase64url(account) as Identity["id"],
  role: "patient",
  name: "Ana",
  device,
  signer: await nobleEd25519.signer(device.signSeed),
  userKeys: [],
});

/** As a new start of the app: nothing but what the database holds. */
async function restart(): Promise<void> {
  closeStores();
  const opened = await openStore();
  db = opened.db;
  deps = {
    store: opened.store,
    suite: { random, ed25519: nobleEd25519 },
    now: () => 1_000,
    api: { call: () => Promise.reject(new Error("no network in this test")) },
  };
  const self = await me();
  outbox = createOutbox(
    deps,
    () => self,
    () => undefined,
  );
}

beforeEach(async () => {
  await restart();
  const record = newConversation({ title: "Dr.", owner: random.bytes(32), createdAt: 1 });
  await deps.store.write(CONVERSATION_STORES, (writer) => beginKeptIn(writer, id, record));
});

afterEach(forgetDevice);

const say = (text: string) => outbox.add(id, { kind: "text", text });
const record = () => keptOf(deps.store, id);

test("A4: what was assigned before a crash is the same payload, number and digest after it", async () => {
  await say("one");
  await say("two");
  const before = await outbox.assign(id, 10);
  await restart();
  const after = await outbox.assign(id, 10);
  expect(after.map(({ message }) => message)).toEqual(before.map(({ message }) => message));
  expect(after.map(({ message }) => message.deviceSeq)).toEqual([1, 2]);
});

test("A4: an acknowledged message is one place of the log and no longer in the outbox", async () => {
  await say("one");
  const [ready] = await outbox.assign(id, 10);
  await outbox.taken(id, [{ order: ready?.order ?? 0, seq: 7, at: 70 }]);
  await outbox.taken(id, [{ order: ready?.order ?? 0, seq: 7, at: 70 }]);
  expect(await outbox.entries(id)).toEqual([]);
  const row = await deps.store.read("messages", [id, 7], messageRecord);
  expect(row).toMatchObject({ type: "message", body: { kind: "text", text: "one" } });
  expect(await record()).toMatchObject({ outbox: [], own: { deviceSeq: 1 } });
});

test("M6: a definitive refusal keeps the text, frees its number, and the later ones take it", async () => {
  for (const text of ["one", "two", "three"]) await say(text);
  const ready = await outbox.assign(id, 10);
  await outbox.failed(id, ready[1]?.order ?? 0, "too_large");
  const again = await outbox.assign(id, 10);
  expect(again.map(({ message }) => message.deviceSeq)).toEqual([1, 2]);
  expect(again[1]?.message.digest).not.toEqual(ready[2]?.message.digest);
  const states = (await outbox.entries(id)).map(({ entry }) => entry.state.state);
  expect(states).toEqual(["assigned", "failed", "assigned"]);
});

test("a failed message can be sent again, at the end, or discarded; one on its way cannot be discarded", async () => {
  await say("one");
  const [ready] = await outbox.assign(id, 10);
  const messageId = ready?.message.messageId ?? new Uint8Array();
  expect(await outbox.discard(id, messageId)).toBe(false);
  await outbox.failed(id, ready?.order ?? 0, "bad_request");
  await say("two");
  expect(await outbox.retry(id, messageId)).toBe(true);
  const texts = (await outbox.entries(id)).map(({ entry }) =>
    entry.body.kind === "text" ? entry.body.text : "",
  );
  expect(texts).toEqual(["two", "one"]);
  expect(await outbox.discard(id, messageId)).toBe(true);
  expect((await record())?.outbox).toHaveLength(1);
});

test("K8: no readable word of a message or a name stands in the database", async () => {
  await say("a very private sentence");
  const raw = await db.getAll("outbox");
  const records = await db.getAll("conversations");
  for (const value of [...raw, ...records]) {
    expect(new TextDecoder("latin1").decode(value)).not.toMatch(/private|Ana|Dr\./);
  }
  const { key } = (await db.get("local", "key")) ?? {};
  expect(key?.extractable).toBe(false);
});

test("a change that fails half-way leaves nothing of it", async () => {
  await expect(
    deps.store.write(["conversations", "outbox"], async (writer) => {
      await writer.put("outbox", [id, 99], z.unknown(), { half: true });
      throw new Error("the tab was closed");
    }),
  ).rejects.toThrow("the tab was closed");
  expect(await outbox.entries(id)).toEqual([]);
});

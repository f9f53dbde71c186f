import { describe, expect, test } from "vitest";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { type ConversationId, conversationIdText } from "../../../../workers/protocol/ids.ts";
import type { ManifestHistory } from "../../../core/account/history.ts";
import { CoreError } from "../../../core/errors.ts";
import { newDevice } from "../../../core/account/device.ts";
import { isUnread } from "../../../core/messages/content.ts";
import { assignMessage, newMessageId } from "../../../core/messages/payload.ts";
import {
  epochOf,
  resigned,
  sealedAnyhow,
  senderOf,
  write,
} from "../../../core/messages/room.test-kit.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import { changed, readerOf } from "../../../core/people.test-kit.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import type { Directory } from "../account/directory.ts";
import { type UnderstandContext, understand } from "./understand.ts";

const talk = await newTalk("understand");
const { room, sealed, server } = talk;
const { owner, patient, suite } = room;
const id = conversationIdText(room.together.id);

/** What the owner verifies with; manifests come from `fetch`, whose calls are counted. */
function contextOf(
  fetch: (conversation: ConversationId | null) => ManifestHistory,
  knowsItself = true,
) {
  const held: ManifestHistory[] = knowsItself ? [owner.history] : [];
  const asked: (string | null)[] = [];
  const find = (account: Uint8Array) => held.find((one) => equalBytes(one.account, account));
  const directory: Directory = {
    historyOf: find,
    load: (account) => Promise.resolve(find(account)),
    fetch(account, conversation) {
      asked.push(conversation);
      const history = equalBytes(account, owner.account) ? owner.history : fetch(conversation);
      const before = find(account);
      if (before) held.splice(held.indexOf(before), 1);
      held.push(history);
      return Promise.resolve(history);
    },
    adopt: () => Promise.reject(new Error("nothing is adopted here")),
  };
  const api = { call: () => Promise.reject(new Error("no network")) };
  const deps = { suite, api, now: () => 0, store: {} as UnderstandContext["deps"]["store"] };
  const context: UnderstandContext = {
    deps,
    directory,
    self: owner.account,
    reader: readerOf(owner),
  };
  return { context, asked };
}
const page = () => server.page(owner.account);
const kinds = (rows: readonly { row: { type: string } }[]) => rows.map(({ row }) => row.type);

test("C8 the manifests that a bundle names are fetched once, then all is read", async () => {
  const { context, asked } = contextOf(() => patient.history);
  const { rows, blocked } = await understand(context, id, EMPTY_CHAIN, page());
  const message = "message";
  expect(kinds(rows)).toEqual(["bundle", "bundle", message, message, message, message]);
  expect([asked, blocked]).toEqual([[id], null]);
});

test("K6 the own account's manifests are asked for without a conversation", async () => {
  const { context, asked } = contextOf(() => patient.history, false);
  expect((await understand(context, id, EMPTY_CHAIN, page())).blocked).toBeNull();
  expect(asked).toEqual([null, id]);
});

test("C8 a server that shows nothing newer is asked a bounded number of times, and the bundle is not used", async () => {
  const { context, asked } = contextOf(() => owner.history);
  const { rows, blocked } = await understand(context, id, EMPTY_CHAIN, page());
  expect([kinds(rows), blocked?.code, asked.length]).toEqual([["bundle"], "manifest_needed", 1]);
});

test("K6 what the server shows wrongly instead of a manifest is why sending stops", async () => {
  const { context } = contextOf(() => {
    throw new CoreError("manifest_forked");
  });
  expect((await understand(context, id, EMPTY_CHAIN, page())).blocked?.code).toBe(
    "manifest_forked",
  );
});

test("A5 without a network nothing is understood, and nothing is lost: it throws", async () => {
  const { context } = contextOf(() => {
    throw new ProtocolError("unavailable");
  });
  await expect(understand(context, id, EMPTY_CHAIN, page())).rejects.toThrow("unavailable");
});

test("M9 an envelope whose manifest the server will not show is one placeholder; the others are read", async () => {
  const ahead = await resigned(patient, sealed[0] ?? new Uint8Array(), ({ header }) => ({
    header: { ...header, manifestVersion: 4 },
  }));
  let fetched = 0;
  const { context, asked } = contextOf(() => {
    if (fetched++ > 0) throw new ProtocolError("not_found");
    return patient.history;
  });
  const items = [...page(), { seq: 7, at: 7, envelope: ahead }];
  const { rows, blocked } = await understand(context, id, EMPTY_CHAIN, items);
  expect([rows.length, blocked, asked.length]).toEqual([7, null, 2]);
  expect(rows.at(-1)?.row).toMatchObject({ reason: "manifest_needed", retry: true });
  expect(kinds(rows).filter((kind) => kind === "message")).toHaveLength(4);
});

test("M1 a text whose header is quiet is a text that came silently; what never rings, and what rang, is not", async () => {
  const { context } = contextOf(() => patient.history);
  const { random } = suite;
  const epoch = epochOf(room.together);
  const where = { conversation: room.together.id, device: patient.device.id };
  const name = { kind: "profile", name: "Ana" } as const;
  const loud = write(room, patient, "aloud");
  const profile = assignMessage(random, where, loud, newMessageId(random, 1), 1, name);
  const hushed = write(room, patient, "hushed", profile);
  const silenced = await sealedAnyhow(
    room,
    patient,
    await sealEnvelope(random, senderOf(patient), epoch, hushed),
    hushed.payload,
    (header) => ({ ...header, quiet: true }),
  );
  const envelopes = [
    await sealEnvelope(random, senderOf(patient), epoch, loud),
    await sealEnvelope(random, senderOf(patient), epoch, profile),
    silenced,
  ];
  const bundles = page().filter((item) => "bundle" in item);
  const news = envelopes.map((envelope, i) => ({ seq: 10 + i, at: 1, envelope }));
  const { rows } = await understand(context, id, EMPTY_CHAIN, [...bundles, ...news]);
  const said = rows.flatMap(({ row }) =>
    row.type === "message" ? [[row.body.kind, row.silent, isUnread(row.body)]] : [],
  );
  expect(said).toEqual([
    ["text", undefined, true],
    ["profile", undefined, false],
    ["text", true, true],
  ]);
});

describe("a device that its account added later", async () => {
  const device = newDevice(suite.random);
  const added = await changed(suite, patient, { addDevice: device });
  const signer = await suite.ed25519.signer(device.signSeed);
  const phone = { ...added, device, signer };
  const gone = await changed(suite, added, { revokeDevices: [device.id] });
  const texts = [write(room, phone, "first")];
  texts.push(write(room, phone, "second", texts[0]));
  const epoch = epochOf(room.together);
  const news = await Promise.all(
    texts.map(async (text, i) => ({
      seq: page().length + 1 + i,
      at: 1,
      envelope: await sealEnvelope(suite.random, senderOf(phone, 2), epoch, text),
    })),
  );
  const marks = async (history: ManifestHistory) => {
    const { context } = contextOf(() => history);
    const { rows } = await understand(context, id, EMPTY_CHAIN, [...page(), ...news]);
    return rows.flatMap(({ seq, row }) =>
      row.type === "message" && (row.newDevice || row.sinceRemoved)
        ? [[seq - page().length, row.newDevice ?? false, row.sinceRemoved ?? false]]
        : [],
    );
  };

  test("C8 a version that the server did not show is asked for once, whatever else comes to be known", async () => {
    const ahead = await resigned(patient, sealed[0] ?? new Uint8Array(), ({ header }) => ({
      header: { ...header, manifestVersion: 4 },
    }));
    let fetched = 0;
    const { context, asked } = contextOf(() => (fetched++ > 0 ? added.history : patient.history));
    const items = [...page(), { seq: 7, at: 7, envelope: ahead }];
    const { rows } = await understand(context, id, EMPTY_CHAIN, items);
    expect(rows.at(-1)?.row).toMatchObject({ reason: "manifest_needed" });
    expect(asked).toEqual([id, id]);
  });

  test("C8 is told of with its first message here, once; those that were there from the start are not", async () => {
    expect(await marks(added.history)).toEqual([[1, true, false]]);
  });

  test("C8 K3 what comes from one that is gone by now is marked", async () => {
    expect(await marks(gone.history)).toEqual([
      [1, true, true],
      [2, false, true],
    ]);
  });
});

import { expect, test } from "vitest";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { CoreError } from "../../../core/errors.ts";
import { resigned } from "../../../core/messages/room.test-kit.ts";
import { codeOf, readerOf } from "../../../core/people.test-kit.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type UnderstandContext, understand } from "./understand.ts";

const talk = await newTalk("refused manifests");
const { owner, patient, suite, together } = talk.room;
const id = conversationIdText(together.id);

/** The first message twice, each as under a manifest of the patient's that nobody holds. */
const ahead = await resigned(patient, talk.sealed[0]!, ({ header }) => ({
  header: { ...header, manifestVersion: 4 },
}));
const server = new Server();
server.entries = [...talk.server.entries];
server.envelope(ahead);
server.envelope(ahead);
const items = server.page(owner.account);

/** How the owner's device understands it where that manifest is answered so. */
async function understood(answer: () => unknown, reader = readerOf(owner)) {
  let asked = 0;
  const historyOf = (account: Uint8Array) =>
    [owner, patient].find((one) => equalBytes(one.account, account))?.history;
  const fetch = async () => {
    asked += 1;
    await answer();
  };
  const context = {
    deps: { suite },
    directory: { historyOf, load: () => Promise.resolve(), fetch },
    self: owner.account,
    reader,
  } as unknown as UnderstandContext;
  const rows = await understand(context, id, EMPTY_CHAIN, items).then(
    (done) => done.rows.map(({ row }) => row.type),
    () => [],
  );
  asked = 0;
  const ended = await codeOf(() => understand(context, id, EMPTY_CHAIN, items));
  return { ended, asked, messages: rows.filter((type) => type === "message").length };
}

test("C8 M9 what the server will not show, or shows wrongly, is asked for once and leaves placeholders", async () => {
  for (const error of [new CoreError("manifest_refused"), new ProtocolError("not_found"), null]) {
    const answer = () => (error ? Promise.reject(error) : Promise.resolve());
    expect(await understood(answer)).toEqual({ ended: "none", asked: 1, messages: 4 });
  }
});

test("C8 a network that is away, or a defect, is thrown: nothing is decided by it", async () => {
  for (const error of [new ProtocolError("unavailable"), new TypeError("a defect")]) {
    const { ended, messages } = await understood(() => Promise.reject(error));
    expect([ended, messages]).toEqual([String(error), 0]);
  }
});

test("K3 what this device is about to be able to open is not stored as what it cannot", async () => {
  const poor = { kind: "account" as const, account: owner.account, userKeys: [] };
  const { ended, messages } = await understood(() => Promise.resolve(), poor);
  expect([ended, messages]).toEqual(["user_key_needed", 0]);
});

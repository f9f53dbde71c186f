import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { decodeReceipt, receiptHash } from "../../../../workers/protocol/receipt.ts";
import { newDevice } from "../../../core/account/device.ts";
import { epochOf, senderOf } from "../../../core/messages/room.test-kit.ts";
import { NOW, type Person, changed } from "../../../core/people.test-kit.ts";
import { DEFAULT_PREFERENCES } from "../../../core/private-state/preferences.ts";
import type { Reading } from "../../../core/receipts/payload.ts";
import { sealReceipt } from "../../../core/receipts/seal.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { withLock } from "../../../platform/locks.ts";
import { changeKept } from "../conversation/keep.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import type { Served } from "../device.test-kit.ts";
import { memoryTab } from "../memory-tab.test-kit.ts";
import { createReceiptExchange } from "./receipt-exchange.ts";

const talk = await newTalk("receipts in Node");
const { owner, patient, together, suite } = talk.room;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The owner's device: the patient's messages stand at 3, 4 and 5. `isBegun` false: it has seen nothing of the log. */
async function device(isBegun = true) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  const state = { people: [patient], fails: null as ProtocolError | null };
  const served: Served = {
    server,
    people: [patient],
    async beforeManifests() {
      served.people = state.people;
      if (state.fails) throw state.fails;
      await Promise.resolve();
    },
  };
  const tab = await memoryTab(owner, together.id, served);
  const said: Uint8Array[] = [];
  const news = vi.fn<() => void>();
  const receipts = createReceiptExchange({
    deps: tab.deps,
    library: tab.library,
    directory: tab.directory,
    me: tab.me,
    preferences: { current: () => DEFAULT_PREFERENCES },
    say(_, frame) {
      if (frame.t === "receipt") said.push(frame.receipt);
      return true;
    },
    changed: news,
  });
  if (isBegun) await tab.catchUp.newer(tab.id);
  const due = { seq: 5, at: NOW };
  return {
    ...tab,
    state,
    said,
    news,
    receipts,
    due,
    /** The person has seen all of it; what is due is told, or is not. */
    async tell(change: Partial<KeptConversation> = {}) {
      const receipt = { counter: 0, told: null, due };
      await changeKept(tab.deps.store, tab.id, (kept) => ({ ...kept, ...change, receipt }));
      receipts.flush(tab.id);
      vi.advanceTimersByTime(1_000);
      // Behind it in its own queue.
      await withLock(`thyme/receipt/${tab.id}`, () => Promise.resolve());
    },
  };
}

const reading: Reading = {
  seq: 5,
  digest: talk.messages[2]?.digest ?? new Uint8Array(32),
  at: NOW - 1_000,
  except: [],
  presence: true,
};
const sealAs = (person: Person, version = 1) =>
  sealReceipt(suite.random, senderOf(person, version), epochOf(together), 1, reading);

test("M10 what was read is told where sending goes on, and waits where it stands still or has not begun", async () => {
  const well = await device();
  await well.tell();
  expect(well.said).toHaveLength(1);
  const wanting = await device();
  await wanting.tell({ blocked: { kind: "want", code: "log", since: 1 } });
  const unknown = await device(false);
  await unknown.tell();
  for (const it of [wanting, unknown]) {
    expect([it.said, (await it.record()).receipt.due]).toEqual([[], it.due]);
  }
});

test("a tab that ended tells nothing any more, and nothing waits in it", async () => {
  const it = await device();
  it.receipts.close();
  it.receipts.flush(it.id);
  expect(vi.getTimerCount()).toBe(0);
});

test("M10 only what moves somebody's position is news to the page", async () => {
  const it = await device();
  await it.receipts.take(it.id, [new Uint8Array(40)]);
  expect(it.news).not.toHaveBeenCalled();
  await it.receipts.take(it.id, [await sealAs(patient)]);
  expect(it.news).toHaveBeenCalledTimes(1);
});

test("M10 a refusal is of the receipt that it names, and of no other", async () => {
  const it = await device();
  await it.tell();
  const { header, ciphertext } = decodeReceipt(it.said[0] ?? new Uint8Array());
  const refuse = (ref: Uint8Array) =>
    it.receipts.refused(it.id, { t: "refused", ref, error: "rate_limited" });
  refuse(new Uint8Array(32));
  expect(vi.getTimerCount()).toBe(0);
  refuse(receiptHash(header, ciphertext));
  expect(vi.getTimerCount()).toBe(1);
  it.receipts.close();
});

test("C8 a receipt whose manifest is out of reach is lost to nobody: it throws, and is taken when it comes again", async () => {
  const phone = newDevice(suite.random);
  const added = await changed(suite, patient, { addDevice: phone });
  const signer = await suite.ed25519.signer(phone.signSeed);
  const sealed = await sealAs({ ...added, device: phone, signer }, 2);
  const it = await device();
  const theirs = async () => (await it.record()).reading[accountIdText(patient.account)]?.steps;
  it.state.fails = new ProtocolError("unavailable");
  await expect(it.receipts.take(it.id, [sealed])).rejects.toThrow("unavailable");
  // What the server will not show at all leaves it as it is.
  it.state.fails = new ProtocolError("not_found");
  await it.receipts.take(it.id, [sealed]);
  expect(await theirs()).toBeUndefined();
  it.state.fails = null;
  it.state.people = [added];
  await it.receipts.again(it.id);
  expect(await theirs()).toEqual([{ seq: 5, at: NOW - 1_000 }]);
});

import { afterEach, expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import { privateKeys } from "../../../core/private-state/keys.ts";
import { createDelivery } from "./delivery.ts";
import { type Tab, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { loadPrivateRecords } from "../private/private-records.ts";
import { changeKept } from "../conversation/keep.ts";
import type { KeptConversation } from "../conversation/kept.ts";

const talk = await newTalk("engine delivers");
const { owner, patient, together } = talk.room;
let tab: Tab;

afterEach(forgetDevice);

/** The owner's device, level with the log; the server is asked to remove things and answers so. */
async function device(deletions: (body: unknown) => unknown) {
  talk.server.entries.length = 5;
  const requests: string[] = [];
  tab = await openTab(owner, together.id, {
    server: talk.server,
    people: [patient],
    deletions,
    asked: (name) => void requests.push(name),
  });
  await tab.catchUp.newer(tab.id);
  requests.length = 0;
  const { deps, me } = tab;
  const delivery = await createDelivery({
    deps,
    me,
    privateRecords: await loadPrivateRecords(deps, privateKeys(me.account, me.userKeys)),
    renew: () => Promise.resolve(),
    changed: () => undefined,
    receipts: () => Promise.resolve(),
    open: () => null,
  });
  const set = (more: Partial<KeptConversation>) =>
    changeKept(deps.store, tab.id, (kept) => ({ ...kept, ...more }));
  return { delivery, requests, set };
}

test("M5 while the server was not asked to remove something, there is something to be sent", async () => {
  let isDown = true;
  const asked: unknown[] = [];
  const { delivery, set } = await device((body) => {
    if (isDown) throw new ProtocolError("unavailable");
    asked.push(body);
    return {};
  });
  expect(await delivery.sendWaiting()).toBe(0);
  await set({ deletionsDue: [{ seq: 3, deletion: 5 }] });
  expect(await delivery.sendWaiting()).toBe(1);
  isDown = false;
  expect(await delivery.sendWaiting()).toBe(0);
  expect(asked).toEqual([{ seq: 3, deletion: 5 }]);
});

test("M5 what a stopped conversation cannot say any more does not wait for ever", async () => {
  const { delivery, set } = await device(() => ({}));
  await set({ blocked: { kind: "proof", code: "fork" }, editsLeft: [{ seq: 3, edit: 5 }] });
  expect(await delivery.sendWaiting()).toBe(0);
});

test("where nothing waits the server is not asked for anything", async () => {
  const { delivery, requests } = await device(() => ({}));
  await delivery.sendWaiting();
  expect(requests).toEqual([]);
  await tab.outbox.add(tab.id, { kind: "text", text: "hello" });
  await delivery.sendWaiting();
  expect(requests).toContain("log");
});

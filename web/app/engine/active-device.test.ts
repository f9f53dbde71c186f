import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newPerson, seededSuite } from "../../core/people.test-kit.ts";
import { C1, C2 } from "../ids.test-kit.ts";
import { AccountServer } from "./account-server.test-kit.ts";
import { identityRecordOf, restoreIdentity } from "./account/identity.ts";
import { type ActiveDevice, openActiveDevice } from "./active-device.ts";
import { CONVERSATION_STORES, beginKeptIn } from "./conversation/keep.ts";
import { newConversation } from "./conversation/kept.ts";
import type { Tabs } from "./store/tabs.ts";
import { FakeSocket, fakeSockets } from "./wire/fake-socket.test-kit.ts";

const suite = seededSuite("active device");
const { account, chain, prepared, device: keys } = await newPerson(suite);
const opened: ActiveDevice[] = [];

beforeEach(fakeSockets);
afterEach(() => {
  for (const device of opened.splice(0)) device.close();
  vi.unstubAllGlobals();
});

/** A device that keeps the first conversation and the second, and no other tab. */
async function device(stored: readonly (typeof C1)[] = [C1, C2]): Promise<ActiveDevice> {
  const deps = new AccountServer({ account, chain, seals: prepared.seals }).device();
  await deps.store.write(CONVERSATION_STORES, async (writer) => {
    const fresh = newConversation({ title: "Ana", owner: account, createdAt: 1 });
    for (const id of stored) await beginKeptIn(writer, id, fresh);
  });
  const about = { role: "patient" as const, name: "", bound: true };
  const tabs: Tabs = {
    changed: () => undefined,
    listen: () => () => undefined,
    restart: () => undefined,
    onRestart: () => undefined,
    leave: () => undefined,
    preferencesChanged: () => undefined,
    onPreferences: () => undefined,
  };
  const here = await openActiveDevice({
    deps,
    me: restoreIdentity(suite, identityRecordOf(account, keys, prepared.userKeys, about)),
    origin: "https://thyme.test",
    tabs,
    clock: { heard: () => undefined },
    renew: () => Promise.resolve(),
    standing: () => Promise.resolve(),
    emit: () => undefined,
  });
  opened.push(here);
  return here;
}

const sockets = () => FakeSocket.made.map(({ url }) => url.pathname);
const INBOX = "/ws/inbox";

test("a conversation that is opened gets a socket once something of it is stored here, and not before", async () => {
  const here = await device([C1]);
  await here.openConversation(C2);
  expect(sockets()).toEqual([INBOX]);
  await here.openConversation(C1);
  expect(sockets()).toEqual([INBOX, `/ws/conversation/${C1}`]);
});

test("who opens one conversation and at once another has the socket of the other alone", async () => {
  const here = await device();
  await Promise.all([here.openConversation(C1), here.openConversation(C2)]);
  expect(sockets()).toEqual([INBOX, `/ws/conversation/${C2}`]);
});

test("sockets are cut when the network goes, and left alone when it is there", async () => {
  const here = await device();
  await here.openConversation(C1);
  const [inbox, conversation] = FakeSocket.made;
  here.network(true);
  expect([inbox?.isCut, conversation?.isCut]).toEqual([false, false]);
  here.network(false);
  expect([inbox?.isCut, conversation?.isCut]).toEqual([true, true]);
});

import { newDevice } from "../../../core/account/device.ts";
import { send, write } from "../../../core/messages/room.test-kit.ts";
import { type Person, changed } from "../../../core/people.test-kit.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Served, type Tab, logOf, openTab, senderOf } from "../device.test-kit.ts";
import { IDENTITY_KEY, identityRecordOf } from "../account/identity.ts";
import type { Store } from "../store/store.ts";
import { beginDevice } from "./carry-over.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { identityRecord } from "../store/records.ts";
import { settleUnanswered } from "../send/unanswered.ts";

export const talk = await newTalk("engine carries over");
export const { room } = talk;
export const { owner, patient, together, suite } = room;

/** The owner's account with one more device, which is the one that acts from now on. */
export async function withNewDevice(before: Person = owner): Promise<Person> {
  const device = newDevice(suite.random);
  const person = await changed(suite, before, { addDevice: device });
  return { ...person, device, signer: await suite.ed25519.signer(device.signSeed) };
}

export const recordOf = ({ account, device, prepared }: Person) =>
  identityRecordOf(account, device, prepared.userKeys, {
    role: "practitioner",
    name: "Dr.",
    bound: true,
  });

/** A device of this person begins here, as a sign-in does it. */
export const begin = (store: Store, next: Person): Promise<void> =>
  beginDevice(store, recordOf(next), next.prepared);

export const open = (self: Person, served: Served): Promise<Tab> =>
  openTab(self, together.id, served);

/** The old device: level with the server, three messages written, the first two transmitted and not answered. */
export async function scene() {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  const served: Served = { server, people: [patient], pageSize: 2 };
  const tab = await open(owner, served);
  await tab.deps.store.write(["state"], (writer) =>
    writer.put("state", IDENTITY_KEY, identityRecord, recordOf(owner)),
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
export async function writeOn(server: Server): Promise<void> {
  let tip = talk.messages[2] ?? null;
  for (const text of ["four", "five", "six"]) {
    tip = write(room, patient, text, tip);
    server.envelope(await send(room, patient, tip));
  }
}

/** The tail as the server gives it to a device that has nothing (K13). */
export async function takeTail(tab: Tab, self: Person, served: Served): Promise<void> {
  const items = logOf(served, self);
  const newest = items.filter((item) => "envelope" in item).slice(-1);
  const tail = items.filter((item) => "bundle" in item || newest.includes(item));
  await tab.receiver.tail(tab.id, tail, items.at(-1)?.seq ?? 0);
}

export const settle = (tab: Tab, catchUp = tab.catchUp) =>
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

export const waiting = async (tab: Tab): Promise<string[]> =>
  (await tab.outbox.entries(tab.id)).map(
    ({ entry }) => `${entry.body.kind === "text" ? entry.body.text : ""}:${entry.state.state}`,
  );

/** Sends what waits to the server, which takes everything. */
export async function flush(tab: Tab, server: Server): Promise<void> {
  const take: Parameters<typeof senderOf>[1] = (_, messages) =>
    Promise.resolve(
      messages.map(({ envelope }) => {
        server.envelope(envelope);
        return { type: "taken", seq: server.entries.length, at: server.entries.length };
      }),
    );
  await senderOf(tab, take, { settleUnanswered: () => settle(tab) }).flush(tab.id);
}

/** The other person's device, in a database of its own. */
export async function openTabElsewhere(served: Served, author: Person): Promise<Tab> {
  await forgetDevice();
  const device = newDevice(suite.random);
  const signer = await suite.ed25519.signer(device.signSeed);
  const reader = { ...(await changed(suite, patient, { addDevice: device })), device, signer };
  const tab = await open(reader, { ...served, people: [author] });
  await tab.catchUp.newer(tab.id);
  return tab;
}

import { afterEach, expect, test } from "vitest";
import type { Content } from "../../../core/messages/content.ts";
import type { Assigned } from "../../../core/messages/payload.ts";
import { epochOf, send, senderOf, writeContent } from "../../../core/messages/room.test-kit.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import type { Person } from "../../../core/people.test-kit.ts";
import {
  begin,
  flush,
  open,
  owner,
  patient,
  room,
  scene,
  takeTail,
  talk,
  together,
  waiting,
  withNewDevice,
} from "../entrance/carry-over.test-kit.ts";
import type { Tab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";

afterEach(forgetDevice);

/** The account's next device on this browser, which is shown the log without these places. */
async function signInAgain(
  { served, tab }: Awaited<ReturnType<typeof scene>>,
  purged: readonly number[],
  before: Person = owner,
): Promise<Tab> {
  const next = await withNewDevice(before);
  await begin(tab.deps.store, next);
  const shown = { ...served, holes: new Set(purged) };
  const here = await open(next, shown);
  await takeTail(here, next, shown);
  return here;
}

/** What the old device transmitted, in order: "arrived", which is at 6 of the log, and "lost". */
async function transmitted(tab: Tab): Promise<readonly [Assigned, Assigned]> {
  const [one, two] = await tab.outbox.assign(tab.id, 2);
  if (!one || !two) throw new RangeError("nothing was sent");
  return [one.message, two.message];
}

const targetOf = ({ deviceSeq, digest }: Assigned, seq: number, device = owner.device.id) => ({
  device,
  deviceSeq,
  digest,
  seq,
});

const says = async (person: Person, content: Content, tip: Assigned | null = null, version = 1) => {
  const message = writeContent(room, person, content, tip);
  const epoch = epochOf(together);
  return sealEnvelope(room.suite.random, senderOf(person, version), epoch, message);
};

const textsAfter = async (tab: Tab, count: number) => (await tab.shown()).slice(-count);

test("M5, M6: what had arrived and was deleted since by another device does not go again", async () => {
  const it = await scene();
  const [arrived] = await transmitted(it.tab);
  const desk = await withNewDevice();
  const target = targetOf(arrived, 6);
  it.server.envelope(await says(desk, { kind: "deletion", target }, null, 2));
  const here = await signInAgain(it, [6], desk);
  await flush(here, it.server);
  expect(await waiting(here)).toEqual([]);
  expect(await textsAfter(here, 3)).toEqual(["deletion", "lost", "later"]);
});

test("M6: what its device wrote after it is there, so it had arrived, though it was purged since", async () => {
  const it = await scene();
  const [, second] = await transmitted(it.tab);
  it.server.envelope(await send(room, owner, second));
  const here = await signInAgain(it, [6]);
  await flush(here, it.server);
  expect(await waiting(here)).toEqual([]);
  expect(await textsAfter(here, 2)).toEqual(["lost", "later"]);
});

test("M6: with a hole in the log that nobody explains, a person judges, and nothing goes twice by itself", async () => {
  const it = await scene();
  it.server.envelope(await says(patient, { kind: "text", text: "four" }, talk.messages[2]));
  const here = await signInAgain(it, [6]);
  await flush(here, it.server);
  expect(await waiting(here)).toEqual(["arrived:failed", "lost:failed"]);
  const [first] = await here.outbox.entries(here.id);
  expect(first?.entry.state).toMatchObject({ problem: "maybe_sent" });
  expect(await textsAfter(here, 2)).toEqual(["four", "later"]);
  await here.outbox.retry(here.id, first?.entry.messageId ?? new Uint8Array());
  await flush(here, it.server);
  expect(await textsAfter(here, 2)).toEqual(["later", "arrived"]);
});

test("M5, M6: a hole that a deletion names holds nothing of this device, and what was lost goes out", async () => {
  const it = await scene();
  const four = writeContent(
    room,
    patient,
    { kind: "text", text: "four" },
    talk.messages[2] ?? null,
  );
  it.server.envelope(await send(room, patient, four));
  const target = targetOf(four, 7, patient.device.id);
  it.server.envelope(await says(patient, { kind: "deletion", target }, four));
  const here = await signInAgain(it, [7]);
  await flush(here, it.server);
  expect(await waiting(here)).toEqual([]);
  expect(await textsAfter(here, 4)).toEqual(["arrived", "deletion", "lost", "later"]);
});

test("M5, M6: of changes, a deletion goes out whatever the log shows, and an edit of what is deleted never", async () => {
  const it = await scene();
  const { tab } = it;
  const [arrived, lost] = await transmitted(tab);
  await tab.outbox.taken(tab.id, [{ order: 1, seq: 6, at: 6 }]);
  it.server.envelope(await send(room, owner, lost));
  await tab.outbox.taken(tab.id, [{ order: 2, seq: 7, at: 7 }]);
  const entries = await tab.outbox.entries(tab.id);
  await tab.outbox.discard(tab.id, entries[0]?.entry.messageId ?? new Uint8Array());
  await tab.outbox.add(tab.id, { kind: "edit", target: targetOf(arrived, 6), text: "anew" });
  await tab.outbox.assign(tab.id, 1);
  await tab.outbox.add(tab.id, { kind: "deletion", target: targetOf(lost, 7) });
  await tab.outbox.assign(tab.id, 2);
  const desk = await withNewDevice();
  const target = targetOf(arrived, 6);
  it.server.envelope(await says(desk, { kind: "deletion", target }, null, 2));
  // The one after it was purged, whatever it was.
  it.server.envelope(await says(patient, { kind: "text", text: "four" }, talk.messages[2]));
  const here = await signInAgain(it, [6, 9], desk);
  await flush(here, it.server);
  expect(await waiting(here)).toEqual([]);
  expect(await textsAfter(here, 2)).toEqual(["deletion", "deletion"]);
  expect(await textsAfter(here, 9)).not.toContain("edit");
});

import { expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import { CoreError } from "../../../core/errors.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { JOIN_KEY, joinRecord } from "../store/records.ts";
import { invitedDevice } from "./invited-device.test-kit.ts";
import { createJoining } from "./joining.ts";

const care = await newCare("joining");
const record = { secret: care.secret, inviter: care.owner.account, title: "Dra. Ruiz" };

/** An accepted invitation that is stored, and what became of it. */
async function accepting(fails: Error | null, isStored = true) {
  const store = memoryStore();
  if (isStored) {
    await store.write(["state"], (writer) => writer.put("state", JOIN_KEY, joinRecord, record));
  }
  const { context, sent, id } = invitedDevice(care, { fails });
  const told: string[] = [];
  const device = { context, caughtUp: (of: string) => Promise.resolve(void told.push(of)) };
  const { join, resume } = createJoining(store);
  const isKept = async () => (await store.read("state", JOIN_KEY, joinRecord)) !== null;
  return { id, sent, join: () => join(device, record), resume: () => resume(device), isKept, told };
}

test("A3 an invitation that was accepted is forgotten, and the conversation caught up", async () => {
  const { id, join, isKept, told } = await accepting(null);
  expect(await join()).toBe(id);
  expect([await isKept(), told]).toEqual([false, [id]]);
});

test("I3 a link that was altered is final: it is forgotten, and said by its name", async () => {
  const { join, isKept } = await accepting(new CoreError("invitation_mismatch"));
  await expect(join()).rejects.toMatchObject({ problem: "link_altered" });
  expect(await isKept()).toBe(false);
});

test.each([
  new CoreError("bundle_refused"),
  new ProtocolError("unavailable"),
  Object.assign(new Error("of another kind"), { code: "invitation_mismatch" }),
])("A3 after %s the next start tries again", async (error) => {
  const { join, isKept } = await accepting(error);
  await expect(join()).rejects.toBe(error);
  expect(await isKept()).toBe(true);
});

test("A3 a start goes on with what was interrupted, and with nothing where nothing was", async () => {
  const interrupted = await accepting(null);
  await interrupted.resume();
  expect([await interrupted.isKept(), interrupted.told]).toEqual([false, [interrupted.id]]);
  const { resume, sent, told } = await accepting(null, false);
  await resume();
  expect([sent.length, told]).toEqual([0, []]);
});

test("A3 what was accepted before, or by somebody else, is over; a lost network is not", async () => {
  const over = await accepting(new ProtocolError("invitation_used"));
  await over.resume();
  expect(await over.isKept()).toBe(false);
  const later = await accepting(new ProtocolError("unavailable"));
  await later.resume();
  expect(await later.isKept()).toBe(true);
});

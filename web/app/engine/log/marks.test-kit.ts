import type { Content, Target } from "../../../core/messages/content.ts";
import type { Assigned } from "../../../core/messages/payload.ts";
import { send, writeContent } from "../../../core/messages/room.test-kit.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Served, type Tab, openTab } from "../device.test-kit.ts";
import { marksRecord, messageRecord } from "../store/records.ts";

export const talk = await newTalk("engine marks");
export const { room } = talk;
const { messages } = talk;
export const { owner, patient, together } = room;

/** The patient's `n`th message, which stands at `seq`, as another one names it. */
export const target = ({ deviceSeq, digest }: Assigned, seq: number, change = {}): Target => ({
  device: patient.device.id,
  deviceSeq,
  digest,
  seq,
  ...change,
});
const [first, second, third] = messages;
if (!first || !second || !third) throw new RangeError("the talk has three messages");
export const [one, two, three] = [first, second, third];

/** create, join, one, two, three and then what the patient adds, each on the tip of the one before. */
export async function serve(contents: readonly Content[], more: Partial<Served> = {}) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  let tip = three;
  const added: Assigned[] = [];
  for (const content of contents) {
    tip = writeContent(room, patient, content, tip);
    added.push(tip);
    server.envelope(await send(room, patient, tip));
  }
  const served: Served = { server, people: [patient], ...more };
  return { served, added };
}

export const tab = (served: Served, self = owner): Promise<Tab> =>
  openTab(self, together.id, served);

/** Everything of messages and marks that stands on the device, readable. */
export async function readable({ deps, id }: Tab): Promise<string> {
  const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
  const rows = await deps.store.readAll("messages", messageRecord, span);
  const marks = await deps.store.readAll("marks", marksRecord, span);
  return JSON.stringify([rows, marks, await deps.store.read("messages", [id, 3], messageRecord)]);
}

export const edit = (text: string, on = target(one, 3)): Content => ({
  kind: "edit",
  target: on,
  text,
});
export const deletion = (on = target(one, 3), edits: Target[] = []): Content => ({
  kind: "deletion",
  target: on,
  edits,
});
export const react = (emoji: string | null, on = target(one, 3)): Content => ({
  kind: "reaction",
  target: on,
  emoji,
});

import { afterEach, expect, test } from "vitest";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import type { Content } from "../../../core/messages/content.ts";
import { effectsOn } from "../../../core/messages/effects.ts";
import { type Assigned, assignMessage, newMessageId } from "../../../core/messages/payload.ts";
import { newRoom, send } from "../../../core/messages/room.test-kit.ts";
import { NOW } from "../../../core/people.test-kit.ts";
import { Server } from "../../../core/sync/server.test-kit.ts";
import { type Tab, logOf, openTab } from "../device.test-kit.ts";
import { markedOf } from "../log/marks.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { marksRecord, messageRecord } from "../store/records.ts";

const HOUR = 3_600_000;
const room = await newRoom("backdated");
const { owner, patient, together } = room;

/** Messages of the patient, each dated as its device says; the server's own times are those of places. */
async function written(
  contents: readonly (readonly [number, (before: readonly Assigned[]) => Content])[],
  at: (seq: number) => number,
) {
  const server = new Server();
  server.bundle(room.created.upload);
  server.bundle(room.joined.upload);
  const messages: Assigned[] = [];
  const { random } = room.suite;
  const where = { conversation: together.id, device: patient.device.id };
  for (const [sentAt, content] of contents) {
    const tip = messages.at(-1) ?? null;
    const id = newMessageId(random, NOW);
    const message = assignMessage(random, where, tip, id, sentAt, content(messages));
    messages.push(message);
    server.envelope(await send(room, patient, message));
  }
  server.entries = server.entries.map((entry, i) => ({ ...entry, at: at(i + 1) }));
  return { server, people: [patient] };
}

const text = (said: string) => (): Content => ({ kind: "text", text: said });
const edit = (before: readonly Assigned[]): Content => ({
  kind: "edit",
  target: { device: patient.device.id, deviceSeq: 1, digest: before[0]!.digest, seq: 3 },
  text: "edited",
});

/** What the first message says, as marks on it have made it. */
async function first(here: Tab): Promise<string | undefined> {
  const row = await here.deps.store.read("messages", [here.id, 3], messageRecord);
  if (row?.type !== "message" || row.body.kind !== "text") return undefined;
  const marks = (await here.deps.store.read("marks", [here.id, 3], marksRecord))?.marks ?? [];
  return effectsOn(markedOf(row), marks).edit?.text ?? row.body.text;
}

/** Read from the beginning, and from the end, a place at a time. */
const READINGS = [
  ["forwards", (here: Tab) => here.catchUp.newer(here.id)],
  [
    "backwards",
    async (here: Tab, served: Awaited<ReturnType<typeof written>>) => {
      const items = logOf(served, owner);
      const shown = items.filter((item) => "bundle" in item || item.seq === items.length);
      await here.receiver.tail(here.id, shown, items.length);
      for (let seq = items.length - 1; seq > 2; seq--) {
        await here.receiver.backward(here.id, items.slice(seq - 1, seq), seq);
      }
    },
  ],
] as const;

afterEach(forgetDevice);

test.each(READINGS)(
  "M5 an edit that its author dates before what they wrote in between counts as of then, read %s",
  async (_, read) => {
    // The server dates all of them alike, as the author would like it.
    for (const [between, said] of [
      [NOW + 30 * HOUR, "one"],
      [NOW + 20 * HOUR, "edited"],
    ] as const) {
      const served = await written(
        [
          [NOW, text("one")],
          [between, text("two")],
          [NOW + HOUR, text("and back")],
          [NOW + 2 * HOUR, edit],
        ],
        (seq) => seq,
      );
      const here = await openTab(owner, together.id, served);
      await read(here, served);
      expect(await here.record()).toMatchObject({ oldest: expect.any(Number), blocked: null });
      expect(await first(here)).toBe(said);
      await forgetDevice();
    }
  },
);

test.each(READINGS)(
  "M5 an edit that the log has more than 24 hours later does not count, however it is dated, read %s",
  async (_, read) => {
    for (const [later, said] of [
      [LIMITS.changeMs + 1, "one"],
      [LIMITS.changeMs, "edited"],
    ] as const) {
      const served = await written(
        [
          [NOW, text("one")],
          [NOW + HOUR, edit],
        ],
        (seq) => (seq <= 3 ? NOW : NOW + later),
      );
      const here = await openTab(owner, together.id, served);
      await read(here, served);
      expect(await first(here)).toBe(said);
      await forgetDevice();
    }
  },
);

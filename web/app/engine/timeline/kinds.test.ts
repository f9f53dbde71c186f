import { C1 } from "../../ids.test-kit.ts";
import { describe, expect, test } from "vitest";
import { CONTENT_SAMPLES } from "../../../core/messages/content.test-kit.ts";
import { type Content, KINDS, isShown, previewOf } from "../../../core/messages/content.ts";
import { decodePayload, encodePayload } from "../../../core/messages/payload.ts";
import { seededRandom } from "../../../core/people.test-kit.ts";
import { placeStored, unreadAmong } from "../conversation/log-transitions.ts";
import { putMessage } from "../log/marks.ts";
import { memoryWriter } from "../store/memory-writer.test-kit.ts";
import { newConversation } from "../conversation/kept.ts";
import { type MessageRow, marksRecord, messageRecord, outboxRecord } from "../store/records.ts";
import { quotedOutside } from "./marks-and-quotes.ts";
import { pendingOn, wantedOf } from "./changes-view.ts";
import { beside, me, only, out, row, show, target, them } from "./effects-view.test-kit.ts";

const own = { account: me.account, device: new Uint8Array(32).fill(2) };
const empty = newConversation({ title: "Ana", owner: me.account, createdAt: 10 });
const random = seededRandom("kinds");
const samples = Object.values(CONTENT_SAMPLES).flat();
const elsewhere = (content: Content) => quotedOutside([{ seq: 7, row: received(content) }], []);

/** The row of a message of the other, after codec and store. */
function received(content: Content, n = 7): MessageRow {
  const { content: body } = decodePayload(encodePayload(random, null, n * 10, content));
  const stored = messageRecord.parse(row(them, n, body));
  if (stored.type !== "message") throw new RangeError(stored.type);
  return stored;
}

/** An entry of the outbox, after the store. */
const waiting = (content: Content) => outboxRecord.parse(out(1, content));

describe.each(samples)("a message of kind $kind", (content) => {
  const { isUnread, isAbout, isQuotable } = KINDS[content.kind];
  const line = isShown(content) ? previewOf(content) : null;

  test("M5 comes out of the store as it was said", () => {
    expect(received(content).body).toEqual(content);
    expect(waiting(content).body).toEqual(content);
  });

  test("M5 counts as unread and is the list's line as its traits say", () => {
    const message = received(content);
    const after = placeStored(empty, 7, message, own);
    const unread = isUnread ? 1 : 0;
    expect(after.unread).toBe(unread);
    expect(unreadAmong([{ seq: 7, row: message }], 6, own)).toBe(unread);
    expect(unreadAmong([{ seq: 7, row: message }], 7, own)).toBe(0);
    expect(after.preview?.text ?? null).toBe(line);
    expect([after.waiting, after.lastAt]).toEqual(line === null ? [false, 10] : [true, 70]);
  });

  test("M5 does something wherever it comes: it is shown, about another message, or a name", () => {
    const isName = Object.keys(placeStored(empty, 7, received(content), own).names).length > 0;
    expect([line !== null, isAbout, isName].filter(Boolean)).toHaveLength(1);
  });

  test("M5 is in the timeline if it is shown, on its way as in the log", () => {
    const count = line === null ? 0 : 1;
    expect(show([], [waiting(content)])).toHaveLength(count);
    expect(show([[7, received(content)]])).toHaveLength(count);
  });

  test("M5 leaves at the message that it is about what it wants of it, and nothing else anywhere", async () => {
    const writer = memoryWriter();
    const { kept: after, shown } = await putMessage(writer, own, C1, empty, 7, received(content));
    const marks = (await writer.get("marks", [C1, 1], marksRecord))?.marks ?? [];
    expect(marks.map(({ seq, wish }) => [seq, wish.kind])).toEqual(
      isAbout ? [[7, content.kind]] : [],
    );
    expect([after, shown.body.kind]).toEqual([empty, content.kind]);
    expect(await writer.get("messages", [C1, 7], messageRecord)).toEqual(shown);
  });

  test("M5 on its way is said beside the message that it is about", () => {
    const { change } = pendingOn(wantedOf([waiting(content)]), 1, row(me.account, 1));
    expect(change?.what ?? null).toBe(isAbout ? content.kind : null);
  });

  test("M5 is shown in a quote if it may be quoted", () => {
    const reply = row(me.account, 9, { kind: "text", text: "yes", reply: target(7) });
    const item = only(show([[9, reply]], [], beside({}, { 7: received(content) })));
    const quote = item.kind === "message" ? item.reply : null;
    expect(quote?.state).toBe(isQuotable ? "here" : "elsewhere");
    if (quote?.state === "here") expect(quote.text).toBe(line);
  });

  test("M5 has the message read that it answers", () => {
    const isAnswer = "reply" in content;
    expect([...elsewhere(content)]).toEqual(isAnswer ? [1] : []);
    expect([...quotedOutside([], [waiting(content)])]).toEqual(isAnswer ? [1] : []);
  });
});

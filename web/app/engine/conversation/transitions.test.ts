import { accountNamed } from "../../ids.test-kit.ts";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { expect, test } from "vitest";
import { NO_FLAGS } from "../../../core/private-state/flags.ts";
import { flagsAcknowledged, flagsChanged, flagsHeard } from "./flag-transitions.ts";
import {
  conversationCarried,
  conversationCreated,
  conversationListed,
  newConversation,
} from "./kept.ts";
import { messageEdited, placeholderOpened, tailBegun } from "./log-transitions.ts";
import { headAdvanced, invitationClosed, invitationOpened } from "./membership-transitions.ts";
import {
  memberRead,
  membersSeen,
  readUpTo,
  readingOpened,
  receiptConfirmed,
  receiptDue,
  receiptSettled,
  serverStateHeard,
} from "./reading-transitions.ts";
import {
  editsFound,
  editsNamed,
  entriesLeft,
  entryQueued,
  removalAnswered,
  removalsDue,
} from "./sending-transitions.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const about = { title: "Ana", owner: bytes(32, 1), createdAt: 10 };
const fresh = newConversation(about);
const invitation = { secret: bytes(32, 2), invite: bytes(16, 3), expiry: 99 };

test("A3 what is made here begins with its bundle and its open invitation", () => {
  const made = conversationCreated(about, 1, invitation);
  expect(made).toMatchObject({
    head: 0,
    members: 1,
    cursor: 1,
    lastSeq: 1,
    lastAt: 10,
    invitation,
  });
});

test("K9 what the Inbox lists begins with nothing stored, and is read as far as it says", () => {
  const flags = { ...NO_FLAGS, pinned: true };
  const row = { lastAt: 50, lastSeq: 7, readSeq: 6 };
  const listed = conversationListed(about, row, { invitation: null, flags });
  expect(listed).toMatchObject({ ...row, head: -1, cursor: 0, flags });
});

test("K13 a new device of the account keeps what only this browser knows, and none of the old chain", () => {
  const before = {
    ...fresh,
    head: 3,
    cursor: 9,
    readSeq: 8,
    outbox: [4],
    own: { deviceSeq: 5, digest: bytes(32, 9) },
    names: { a: "Ana" },
    flagsPending: ["pinned" as const],
    deletionsDue: [{ seq: 2, deletion: 3 }],
  };
  const { outbox, readSeq, names, flagsPending, deletionsDue } = before;
  const wanted = { ...fresh, outbox, readSeq, names, flagsPending, deletionsDue };
  expect(conversationCarried(before)).toEqual(wanted);
});

test("M6 a tail begins anew", () => {
  const linked = { ...fresh, tips: { a: { deviceSeq: 1, digest: null } } };
  expect(tailBegun(linked, 12)).toEqual({ ...fresh, oldest: 12 });
});

test("M5 an edit changes the preview of the message that it is about, and of no other", () => {
  const preview = { own: false, text: "one", deleted: false, seq: 4 };
  const kept = { ...fresh, preview };
  expect(messageEdited(kept, 4, "two").preview).toEqual({ ...preview, text: "two" });
  expect(messageEdited(kept, 3, "two")).toBe(kept);
});

test("M9 no more placeholders are opened than there were", () => {
  expect(placeholderOpened({ ...fresh, retryable: 2 }).retryable).toBe(1);
  expect(placeholderOpened(fresh).retryable).toBe(0);
});

test("C5, I4 a bundle moves the head, and an invitation opens and closes", () => {
  expect(headAdvanced(fresh, 2, 3)).toEqual({ ...fresh, head: 2, members: 3 });
  const opened = invitationOpened(fresh, invitation);
  expect(opened.invitation).toEqual(invitation);
  expect(invitationClosed(opened)).toEqual(fresh);
});

test("A4 what is queued stands last, and what leaves is gone whichever it is", () => {
  const queued = [3, 5, 8].reduce(entryQueued, fresh);
  expect(queued.outbox).toEqual([3, 5, 8]);
  expect(entriesLeft(queued, [5]).outbox).toEqual([3, 8]);
  expect(entriesLeft(queued, [])).toBe(queued);
});

test("M5 a removal is due until it is answered, and an edit is left until it is named", () => {
  const [one, two] = [
    { seq: 3, deletion: 5 },
    { seq: 3, deletion: 6 },
  ] as const;
  const due = removalsDue(removalsDue(fresh, [one]), [two]);
  expect(removalAnswered(due, one).deletionsDue).toEqual([two]);
  const left = editsFound(fresh, [
    { seq: 3, edit: 4 },
    { seq: 3, edit: 7 },
  ]);
  expect(editsNamed(left, [{ seq: 3, edit: 4 }]).editsLeft).toEqual([{ seq: 3, edit: 7 }]);
});

test("E1: what accounts outside of the roster confirm, or that they were here, is not kept", () => {
  const stranger = bytes(32, 9);
  const members = new Set([accountIdText(bytes(32, 4))]);
  const received = [{ account: stranger, seq: 5 }];
  expect(serverStateHeard(fresh, { lastSeq: 9, received }, members).received).toEqual({});
  const here = [accountIdText(stranger), ...members];
  expect(Object.keys(membersSeen(fresh, here, 50, members).seen)).toEqual([...members]);
});

test("what members confirmed only rises, and a member's first word counts", () => {
  const account = bytes(32, 4);
  const id = accountIdText(account);
  const members = new Set([id]);
  const heard = serverStateHeard(fresh, { lastSeq: 9, received: [{ account, seq: 5 }] }, members);
  expect(heard).toMatchObject({ lastSeq: 9, received: { [id]: 5 } });
  const lower = serverStateHeard(heard, { lastSeq: 2, received: [{ account, seq: 3 }] }, members);
  expect(lower).toEqual(heard);
  // What did not change is the same, so that nothing of it is written.
  expect(lower.received).toBe(heard.received);
});

test("reading goes forward only", () => {
  const read = readUpTo(fresh, 4, 2);
  expect(read).toMatchObject({ readSeq: 4, unread: 2 });
  expect(read && readUpTo(read, 4, 0)).toBeNull();
});

test("M10 a receipt is due once, until it is settled as far as it was due", () => {
  const due = receiptDue(fresh, 4, 50);
  expect(due?.receipt.due).toEqual({ seq: 4, at: 50 });
  expect(due && receiptDue(due, 4, 60)).toBeNull();
  expect(due && receiptSettled(due, 3)).toBeNull();
  expect(due && receiptSettled(due, 4)?.receipt.due).toBeNull();
});

test("M10 what was told without exception is not due again, and a place that opens is", () => {
  const told = receiptConfirmed(fresh, 1, { seq: 4, except: [] });
  expect(told && receiptDue(told, 4, 50)).toBeNull();
  const except = receiptConfirmed(fresh, 1, { seq: 4, except: [2] });
  expect(except && receiptDue(except, 4, 50)?.receipt.due).toEqual({ seq: 4, at: 50 });
  expect(readingOpened({ ...fresh, readSeq: 4 }, 50).receipt.due).toEqual({ seq: 4, at: 50 });
  expect(readingOpened(fresh, 50)).toBe(fresh);
});

test("M10 a lower counter confirms nothing, and a higher one never moves the place back", () => {
  const told = receiptConfirmed(fresh, 3, { seq: 6, except: [] });
  expect(told && receiptConfirmed(told, 3, { seq: 9, except: [] })).toBeNull();
  const later = told && receiptConfirmed(told, 4, { seq: 5, except: [] });
  expect(later?.receipt).toMatchObject({ counter: 4, told: { seq: 6 } });
});

test("M10 where a member is with reading stands beside the others'", () => {
  const position = { counter: 1, steps: [{ seq: 3, at: 1 }], except: [], seen: null };
  const [ana, bea] = [accountNamed("ana"), accountNamed("bea")];
  const both = memberRead(memberRead(fresh, ana, position), bea, position);
  expect(Object.keys(both.reading)).toEqual([ana, bea]);
});

test("K9 a flag waits for the other devices until it is acknowledged as it was changed", () => {
  const pinned = flagsChanged(fresh, { pinned: true }, 1);
  expect(pinned).toMatchObject({ flags: { pinned: true }, flagsPending: ["pinned"] });
  const acknowledged = flagsAcknowledged(pinned, pinned, pinned.flags);
  expect(acknowledged.flagsPending).toEqual([]);
  const again = flagsChanged(pinned, { pinned: false }, 2);
  expect(flagsAcknowledged(again, pinned, pinned.flags).flagsPending).toEqual(["pinned"]);
});

test("K9 another device's flags are taken but for what waits here; the same again is no news", () => {
  const muted = { until: null };
  const pinned = flagsChanged(fresh, { pinned: true }, 1);
  const heard = flagsHeard(pinned, { ...NO_FLAGS, muted });
  expect(heard?.flags).toEqual({ pinned: true, muted, archived: null });
  expect(heard && flagsHeard(heard, { ...NO_FLAGS, muted })).toBeNull();
});

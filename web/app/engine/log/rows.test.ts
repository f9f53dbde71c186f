import { expect, test } from "vitest";
import { newConversation } from "../conversation/kept.ts";
import { recordHeard } from "../conversation/membership-transitions.ts";
import { isPhantom, stateOf } from "./rows.ts";

const owner = new Uint8Array(32).fill(1);
const empty = newConversation({ title: "", owner, createdAt: 1 });

test("only a server speaks of what has no member, no name and nothing that waits", () => {
  expect(isPhantom(empty)).toBe(true);
  expect(isPhantom({ ...empty, members: 1 })).toBe(false);
  expect(isPhantom({ ...empty, title: "Ana" })).toBe(false);
  expect(isPhantom({ ...empty, outbox: [1] })).toBe(false);
});

test("I4 a conversation is joining until its bundles are here and it has members", () => {
  const invitation = { secret: owner, invite: new Uint8Array(16), expiry: 9 };
  const known = { ...empty, head: 0, members: 1 };
  expect(stateOf({ ...known, head: -1 }, 5)).toBe("joining");
  expect(stateOf({ ...known, members: 0 }, 5)).toBe("joining");
  expect(stateOf({ ...known, members: 2 }, 5)).toBe("active");
  expect(stateOf({ ...known, invitation }, 5)).toBe("invited");
  expect(stateOf({ ...known, invitation }, 9)).toBe("invitation-expired");
  expect(stateOf({ ...known, blocked: { kind: "proof", code: "fork" } }, 5)).toBe("blocked");
});

test("K9 a private record is news where name, owner or invitation differ, and only there", () => {
  const invite = { id: new Uint8Array(16), secret: owner, expiresAt: 9 };
  const known = {
    kind: "conversation" as const,
    conversation: new Uint8Array(32),
    label: "Ana",
    invite,
    inviter: null,
    createdAt: 1,
  };
  const heard = recordHeard(empty, known, owner);
  expect(heard).toMatchObject({ title: "Ana", invitation: { expiry: 9 } });
  expect(recordHeard(heard!, known, owner)).toBeNull();
  const other = (change: object) =>
    recordHeard(heard!, { ...known, invite: { ...invite, ...change } }, owner);
  expect(other({ expiresAt: 10 })?.invitation?.expiry).toBe(10);
  expect(other({ secret: new Uint8Array(32) })?.invitation?.secret[0]).toBe(0);
  expect(recordHeard(heard!, { ...known, invite: null }, owner)?.invitation).toBeNull();
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { type AccountId, conversationIdText } from "../../../../workers/protocol/ids.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { CommandHandlers } from "../../rpc.ts";
import { newKey } from "../../unstored.ts";
import { acceptOnce } from "../store/accepted.ts";
import { forgetDevice, random } from "../store/local-store.test-kit.ts";
import { loadDrafts } from "./drafts.ts";
import { privateState } from "./private-state.test-kit.ts";
import { unstoredHandlers } from "./unstored.ts";
import { unsavedEditHandlers } from "./unsaved-edit.ts";
import { accountNamed } from "../../ids.test-kit.ts";

const a = conversationIdText(random.bytes(32));
const account = accountNamed("an account");
type Sent = Parameters<CommandHandlers["send"]>[0];

let server: ReturnType<typeof privateState>;
let sent: Sent[];
let close = (): void => undefined;
let isFull = false;

beforeEach(() => {
  server = privateState();
  sent = [];
});
afterEach(async () => {
  close();
  await forgetDevice();
});

/** A start of the app: nothing but what the database holds. */
async function start(who: AccountId | null = account) {
  close();
  const { deps, privateRecords } = await server.start();
  const drafts = await loadDrafts(
    deps,
    privateRecords,
    () => undefined,
    () => undefined,
  );
  close = () => drafts.close();
  const edits = unsavedEditHandlers(deps.store, () => who !== null);
  /** As the outbox does it: once for each key, and its draft goes in the same transaction. */
  const send = async (message: Sent): Promise<null> => {
    if (message.replyTo === 404) throw new ProtocolError("not_found");
    if (isFull) throw new ProtocolError("unavailable");
    const { key, left, text } = message;
    await deps.store.write(["state"], async (writer) => {
      if (!(await acceptOnce(writer, a, key))) return;
      sent.push(message);
      await drafts.left(a, left, text)(writer);
    });
    return null;
  };
  const handlers = unstoredHandlers({
    deps,
    account: () => who,
    drafts: () => drafts,
    commands: { ...edits, send },
  });
  return { ...handlers, drafts, edits, send, textOf: async () => (await drafts.kept(a)).text };
}

const draft = (text: string, key = newKey(), seen = 0) =>
  ({ kind: "draft", key, conversation: a, text, seen }) as const;
const message = (text: string, key = newKey()) =>
  ({ kind: "message", key, conversation: a, text, seen: 0 }) as const;

test("K8 a text that is sealed for a page says nothing, and only this account on this device opens it", async () => {
  const it = await start();
  const sealed = await it.sealUnstored(draft("Oats and milk"));
  expect(new TextDecoder().decode(sealed)).not.toContain("Oats");
  const stranger = await start(accountNamed("another account"));
  await stranger.recoverUnstored([sealed, random.bytes(60)]);
  expect(await stranger.textOf()).toBe("");
  const again = await start();
  await again.recoverUnstored([sealed]);
  expect(await again.textOf()).toBe("Oats and milk");
});

test("nobody signed in: nothing is sealed, and what was left stays where it is", async () => {
  const sealed = await (await start()).sealUnstored(draft("Oats"));
  const it = await start(null);
  await expect(it.sealUnstored(draft("Oats"))).rejects.toThrow("unauthenticated");
  await expect(it.recoverUnstored([sealed])).rejects.toThrow("unauthenticated");
});

test("a draft that was typed on takes the place of what was stored of it", async () => {
  const it = await start();
  await it.drafts.save(a, { text: "Oa", seen: 0 });
  server.state.now += 500;
  const sealed = await it.sealUnstored(draft("Oats"));
  const next = await start();
  await next.recoverUnstored([sealed]);
  expect(await next.textOf()).toBe("Oats");
});

test("one that was stored after all, or written on since, is not doubled", async () => {
  const it = await start();
  const sealed = await it.sealUnstored(draft("Oats"));
  server.state.now += 500;
  await it.drafts.save(a, { text: "Oats and milk", seen: 0 });
  const next = await start();
  await next.recoverUnstored([sealed]);
  expect(await next.textOf()).toBe("Oats and milk");
});

test("a message that was on its way is stored, once, and its draft is no draft any more", async () => {
  const it = await start();
  const key = newKey();
  await it.drafts.save(a, { text: "Oats", seen: 0 });
  const left = [
    await it.sealUnstored(draft("Oats", key)),
    await it.sealUnstored(message("Oats", key)),
    await it.sealUnstored(draft("Beans")),
  ];
  const next = await start();
  await next.recoverUnstored(left);
  expect(sent.map(({ text }) => text)).toEqual(["Oats"]);
  expect(await next.textOf()).toBe("Beans");
  await (await start()).recoverUnstored(left);
  expect(sent).toHaveLength(1);
});

test("a draft whose message was stored before its page could hear of it is let go", async () => {
  const it = await start();
  const key = newKey();
  const left = [await it.sealUnstored(draft("Oats", key))];
  await it.send({ key, conversation: a, text: "Oats", left: { text: "", seen: 0 } });
  const next = await start();
  await next.recoverUnstored(left);
  expect(await next.textOf()).toBe("");
});

test("M5 a reply whose message was deleted meanwhile is stored as a text of its own", async () => {
  const it = await start();
  const left = [await it.sealUnstored({ ...message("Thank you"), replyTo: 404 })];
  const next = await start();
  await next.recoverUnstored(left);
  expect(sent).toEqual([expect.objectContaining({ text: "Thank you" })]);
  expect(sent[0]?.replyTo).toBeUndefined();
});

test("a message written anew is in the box again, and one that was given up is not", async () => {
  const it = await start();
  const edit = { seq: 3, before: "Oats", text: "Oats and milk" };
  const sealed = await it.sealUnstored({ kind: "edit", conversation: a, edit });
  const next = await start();
  await next.recoverUnstored([sealed]);
  expect(await next.edits.unsavedEdit(a)).toEqual(edit);
  const ended = await next.sealUnstored({ kind: "edit", conversation: a, edit: null });
  const last = await start();
  await last.recoverUnstored([ended]);
  expect(await last.edits.unsavedEdit(a)).toBeNull();
});

test("a text that could not be stored comes back to be left again, and is stored by the next page", async () => {
  const it = await start();
  const left = [await it.sealUnstored(message("Oats"))];
  isFull = true;
  const remaining = await it.recoverUnstored(left);
  isFull = false;
  expect(remaining).toEqual(left);
  expect(await (await start()).recoverUnstored(remaining)).toEqual([]);
  expect(sent.map(({ text }) => text)).toEqual(["Oats"]);
});

test("more than anybody types is refused, not sealed", async () => {
  const it = await start();
  await expect(it.sealUnstored(draft("x".repeat(1_000_001)))).rejects.toThrow("too_long");
});

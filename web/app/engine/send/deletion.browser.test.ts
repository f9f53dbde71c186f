import { afterEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { type Content, isShown } from "../../../core/messages/content.ts";
import { send } from "../../../core/messages/room.test-kit.ts";
import { NOW } from "../../../core/people.test-kit.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { type Served, type Tab, openTab, scriptedApi, senderOf } from "../device.test-kit.ts";
import { createCatchUp } from "../log/catch-up.ts";
import { changeKept } from "../conversation/keep.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { messageRecord } from "../store/records.ts";
import { changeableAt } from "./say.ts";

const talk = await newTalk("engine deletes");
const { owner, patient, together } = talk.room;
let tab: Tab;

afterEach(forgetDevice);

/** The owner's tab; what it sends is taken from place 6 on. */
async function open(deletions?: (body: unknown) => unknown) {
  talk.server.entries.length = 5;
  const served: Served = {
    server: talk.server,
    people: [patient],
    ...(deletions ? { deletions } : {}),
  };
  tab = await openTab(owner, together.id, served);
  await tab.catchUp.newer(tab.id);
  const take: Parameters<typeof senderOf>[1] = async (_, sent) => {
    const rows = await tab.deps.store.readAll("messages", messageRecord);
    return sent.map((_one, i) => ({ type: "taken" as const, seq: rows.length + 1 + i, at: NOW }));
  };
  const sender = senderOf(tab, take, { catchUp: () => Promise.resolve() });
  const say = async (content: Content) => {
    await tab.outbox.add(tab.id, content);
    await sender.flush(tab.id);
  };
  return { say, flush: () => sender.flush(tab.id) };
}

const due = async () => (await tab.record()).deletionsDue;
const changeable = (seq: number) => changeableAt(tab.deps, tab.id, seq, owner.account, isShown);
const text = (words: string): Content => ({ kind: "text", text: words });

/** A message at 6, its edit at 7, and its deletion at 8. */
async function deleteOne(say: (content: Content) => Promise<void>) {
  await say(text("secret"));
  const { target } = await changeable(6);
  await say({ kind: "edit", target, text: "also secret" });
  const { edits } = await changeable(6);
  expect(edits.map(({ seq }) => seq)).toEqual([7]);
  await say({ kind: "deletion", target, edits });
}

describe("M5 the request to the server", () => {
  test("M5 names the message and its edits once each, after the deletion was taken, and is then forgotten", async () => {
    const asked: unknown[] = [];
    const { say, flush } = await open((body) => {
      asked.push(body);
      return {};
    });
    await deleteOne(async (content) => {
      expect(asked).toEqual([]);
      await say(content);
    });
    expect(asked).toEqual([
      { seq: 6, deletion: 8 },
      { seq: 7, deletion: 8 },
    ]);
    expect(await due()).toEqual([]);
    await flush();
    expect(asked).toHaveLength(2);
    expect((await tab.shown()).slice(5)).toEqual(["deleted", "edit", "deletion"]);
  });

  test("M5 survives a server that is down, no network and a crash, and is made again", async () => {
    const failures = [new ProtocolError("unavailable"), new PlatformError("offline")];
    const asked: unknown[] = [];
    const answer = (body: unknown) => {
      const failure = failures.shift();
      if (failure) throw failure;
      asked.push(body);
      return {};
    };
    const first = await open(answer);
    await deleteOne(first.say);
    expect(await due()).toHaveLength(2);
    await first.flush();
    expect(await due()).toHaveLength(2);
    tab.close();
    const again = await open(answer);
    await again.flush();
    expect(asked).toHaveLength(2);
    expect(await due()).toEqual([]);
  });

  test("M5 waits as long as the server says when it was asked too often", async () => {
    let calls = 0;
    const { say } = await open(() => {
      calls += 1;
      if (calls === 1) throw new ProtocolError("rate_limited", undefined, 5);
      return {};
    });
    await deleteOne(say);
    expect([calls, await due()]).toEqual([3, []]);
  });

  test("M5 what the server refuses for good is not asked again", async () => {
    for (const code of ["not_found", "bad_request"] as const) {
      const { say } = await open(() => {
        throw new ProtocolError(code);
      });
      await deleteOne(say);
      expect(await due()).toEqual([]);
      await forgetDevice();
    }
    await open();
  });

  test("M5, A4 a deletion that only the log shows to have arrived is asked for as well", async () => {
    const { say } = await open();
    await say(text("secret"));
    const { target } = await changeable(6);
    await tab.outbox.add(tab.id, { kind: "deletion", target });
    const [ready] = await tab.outbox.assign(tab.id, 1);
    if (!ready) throw new RangeError("nothing to send");
    const envelope = await send(talk.room, owner, ready.message);
    await tab.receiver.forward(tab.id, [{ seq: 7, at: 7, envelope }], "live");
    expect(await due()).toEqual([{ seq: 6, deletion: 7 }]);
    expect((await tab.shown())[5]).toBe("deleted");
  });
});

describe("M5 what a person may change", () => {
  test("M5 an own message of the last day; not another's, not an older one, not what is gone", async () => {
    const { say } = await open(() => ({}));
    await say(text("mine"));
    expect((await changeable(6)).target).toMatchObject({ seq: 6 });
    await expect(changeable(3)).rejects.toMatchObject({ code: "not_found" });
    await expect(changeable(99)).rejects.toMatchObject({ code: "not_found" });
    const later = (ms: number) =>
      changeableAt(
        { store: tab.deps.store, now: () => NOW + ms },
        tab.id,
        6,
        owner.account,
        isShown,
      );
    await later(LIMITS.changeMs);
    await expect(later(LIMITS.changeMs + 1)).rejects.toMatchObject({ code: "not_found" });
    const { target } = await changeable(6);
    await say({ kind: "deletion", target });
    await expect(changeable(6)).rejects.toMatchObject({ code: "not_found" });
  });

  test("M5 edits that still wait go with the message; those on their way do not", async () => {
    const { say } = await open(() => ({}));
    await say(text("mine"));
    await say(text("other"));
    const { target } = await changeable(6);
    const { target: other } = await changeable(7);
    const edit = (words: string, on = target) =>
      tab.outbox.add(tab.id, { kind: "edit", target: on, text: words });
    await edit("on its way");
    await tab.outbox.assign(tab.id, 1);
    await edit("waits");
    await edit("of another", other);
    await tab.outbox.add(tab.id, { kind: "deletion", target });
    const waiting = (await tab.outbox.entries(tab.id)).map(({ entry }) =>
      entry.body.kind === "edit" ? entry.body.text : entry.body.kind,
    );
    expect(waiting).toEqual(["on its way", "of another", "deletion"]);
    expect((await tab.record()).outbox).toHaveLength(3);
  });
});

test("M5 a page of which everything was deleted ends neither what is newer nor what is older", async () => {
  await open();
  const asked: unknown[] = [];
  const api = scriptedApi({
    log(_, query) {
      asked.push(query);
      return { items: [], more: Number(query["after"] ?? 0) < 300 && query["before"] !== 201 };
    },
    frames: () => ({ frames: [] }),
  });
  const set = (more: Partial<KeptConversation>) =>
    changeKept(tab.deps.store, tab.id, (kept) => ({ ...kept, ...more }));
  await set({ lastSeq: 500 });
  const deps = { ...tab.deps, api };
  const catchUp = createCatchUp(
    deps,
    tab.library,
    tab.receiver,
    () => undefined,
    () => Promise.resolve(),
    () => undefined,
  );
  await catchUp.newer(tab.id);
  expect(asked).toMatchObject([{ after: 5 }, { after: 205 }, { after: 405 }]);
  await set({ oldest: 401 });
  await catchUp.older(tab.id);
  expect(await tab.record()).toMatchObject({ oldest: 201 });
  await catchUp.older(tab.id);
  expect(await tab.record()).toMatchObject({ oldest: 1 });
});

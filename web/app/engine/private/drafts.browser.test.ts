import * as z from "zod/mini";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConversationId, conversationIdText } from "../../../../workers/protocol/ids.ts";
import { DRAFT_TEXT } from "../../../core/private-state/drafts.ts";
import type { DraftOffer } from "../../drafts-view.ts";
import { draftHandlers } from "./draft-handlers.ts";
import { loadDrafts } from "./drafts.ts";
import { forgetDevice, random } from "../store/local-store.test-kit.ts";
import { privateState } from "./private-state.test-kit.ts";

const a = conversationIdText(random.bytes(32));
const b = conversationIdText(random.bytes(32));
let server: ReturnType<typeof privateState>;
let offers: DraftOffer[];
let closing: (() => void)[];

beforeEach(() => {
  server = privateState();
  offers = [];
  closing = [];
});

afterEach(async () => {
  for (const close of closing) close();
  await forgetDevice();
});

async function start() {
  const { db, deps, close, privateRecords } = await server.start();
  const drafts = await loadDrafts(
    deps,
    privateRecords,
    () => undefined,
    (offer) => void offers.push(offer),
  );
  closing.push(() => drafts.close());
  const connect = async (): Promise<void> => {
    await privateRecords.sync();
    await drafts.sync();
  };
  const textOf = async (id: ConversationId): Promise<string> => (await drafts.kept(id)).text;
  return { db, deps, close, privateRecords, drafts, connect, textOf };
}

type Device = Awaited<ReturnType<typeof start>>;

/** Types on from what is kept there. */
async function type({ drafts }: Device, id: ConversationId, text: string): Promise<void> {
  const { at } = await drafts.kept(id);
  server.state.now += 1_000;
  await drafts.save(id, { text, seen: at });
}

/** Another device of the account, level with the server. */
async function another(): Promise<Device> {
  await forgetDevice();
  const device = await start();
  await device.connect();
  return device;
}

describe("on this device", () => {
  it("keeps one draft for each conversation, sealed, until it is emptied", async () => {
    const it = await start();
    await it.drafts.save(a, { text: "half a sentence", seen: 0 });
    await it.drafts.save(b, { text: "another", seen: 0 });
    const stored = await it.db.getAll("state");
    expect(stored).toHaveLength(2);
    for (const bytes of stored) expect(new TextDecoder().decode(bytes)).not.toContain("sentence");

    const later = await start();
    expect(await later.textOf(a)).toBe("half a sentence");
    await later.drafts.save(a, { text: " ", seen: 0 });
    expect(await later.textOf(a)).toBe("");
    expect(await later.textOf(b)).toBe("another");
  });

  it("keeps nothing of somebody who has signed out", async () => {
    const { db, deps } = await start();
    const handlers = draftHandlers(
      deps,
      () => false,
      () => null,
    );
    await handlers.saveDraft({ conversation: a, text: "too late", seen: 0 });
    expect(await db.getAll("state")).toEqual([]);
  });

  it("keeps nothing of what was on its way when somebody signed out", async () => {
    const it = await start();
    await type(it, a, "half a sentence");
    let signOut = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      server.state.beforePut = () => {
        resolve();
        return new Promise((ended) => {
          signOut = ended;
        });
      };
    });
    const flushed = it.drafts.flush();
    await asked;
    it.close();
    signOut();
    await expect(flushed).rejects.toThrow("unauthenticated");
    const later = await start();
    expect(await later.db.getAll("records")).toEqual([]);
    expect(await later.textOf(a)).toBe("half a sentence");
  });

  it("keeps what is typed while the session is over", async () => {
    const { deps } = await start();
    const handlers = draftHandlers(
      deps,
      () => true,
      () => null,
    );
    await handlers.saveDraft({ conversation: a, text: "the last words", seen: 0 });
    expect(await (await start()).textOf(a)).toBe("the last words");
  });

  it("E4: opens the draft of a Thyme that kept its text only", async () => {
    const { deps } = await start();
    await deps.store.write(["state"], (writer) =>
      writer.put("state", `draft/${a}`, z.unknown(), { text: "from before" }),
    );
    expect(await (await start()).textOf(a)).toBe("from before");
  });

  it("shows it in the list while its conversation is not on screen", async () => {
    const it = await start();
    it.drafts.opened(a);
    await it.drafts.save(a, { text: "half a sentence", seen: 0 });
    expect(it.drafts.preview(a)).toBeNull();
    it.drafts.opened(null);
    expect(it.drafts.preview(a)).toBe("half a sentence");
    await it.drafts.save(a, { text: "", seen: 0 });
    expect(it.drafts.preview(a)).toBeNull();
  });
});

describe("K9: in private state", () => {
  it("a draft moves to another device, and typing costs no write for every letter", async () => {
    const first = await start();
    for (const text of ["h", "he", "hel", "hello"]) await type(first, a, text);
    await first.drafts.flush();
    expect(server.state.writes).toBe(1);

    const second = await another();
    expect(await second.textOf(a)).toBe("hello");
    expect(second.drafts.preview(a)).toBe("hello");
    await type(second, a, "hello there");
    await second.drafts.flush();
    await type(second, a, "hello");
    await second.drafts.flush();
    // Letters taken away again are no stranger's.
    expect(await (await another()).textOf(a)).toBe("hello");
  });

  it("a message that is sent before the typing pauses costs no write at all", async () => {
    const it = await start();
    await type(it, a, "on my way");
    await type(it, a, "");
    await it.drafts.flush();
    expect(server.state.writes).toBe(0);
  });

  it("one that was on its way when its engine ended is no stranger's, however often that happens", async () => {
    let it = await start();
    server.state.answering = false;
    for (const text of ["first", "first and second"]) {
      await type(it, a, text);
      const before = server.state.writes;
      void it.drafts.flush().catch(() => undefined);
      await expect.poll(() => server.state.writes).toBe(before + 1);
      it = await start();
      await it.privateRecords.sync();
    }
    server.state.answering = true;
    // Sent as a message: nothing of it is a draft any more.
    await type(it, a, "");
    await it.connect();
    await it.drafts.flush();
    expect(await it.textOf(a)).toBe("");
    expect(await (await another()).textOf(a)).toBe("");
  });

  it("nor does what was on its way come back where nothing was kept before and nothing is left", async () => {
    const it = await start();
    server.state.answering = false;
    await type(it, a, "hello");
    void it.drafts.flush().catch(() => undefined);
    await expect.poll(() => server.state.writes).toBe(1);
    server.state.answering = true;
    // As far as this engine has heard, the account keeps nothing, which is what stands in the box.
    const later = await start();
    await type(later, a, "");
    await later.drafts.flush();
    await later.connect();
    expect(await later.textOf(a)).toBe("");
    expect(await (await another()).textOf(a)).toBe("");
  });

  it("only the tab whose box it stands in is told that the account has a draft", async () => {
    const it = await start();
    await type(it, a, "in this tab");
    await it.drafts.flush();
    const told = { conversation: a, text: "in this tab", before: "in this tab" };
    expect(offers).toEqual([expect.objectContaining(told)]);
    await type(it, a, "in this tab, and on");
    // Another tab of the device finds it in the store and gives it away.
    const other = await start();
    await other.drafts.flush();
    expect(server.state.writes).toBe(2);
    expect(offers).toHaveLength(1);
  });

  it("a draft that was sent here goes from the other devices", async () => {
    const first = await start();
    await type(first, a, "hello");
    await first.drafts.flush();
    await type(first, a, "");
    await first.drafts.flush();
    const second = await another();
    expect(await second.textOf(a)).toBe("");
    expect(second.drafts.preview(a)).toBeNull();
  });

  it("a draft on its way while its message is sent does not come back", async () => {
    const it = await start();
    await type(it, a, "hello");
    server.state.beforePut = async () => {
      server.state.beforePut = () => Promise.resolve();
      await type(it, a, "");
    };
    await it.drafts.flush();
    expect(await it.textOf(a)).toBe("");
    await it.drafts.flush();
    expect(await (await another()).textOf(a)).toBe("");
  });

  it("nor when the device ends before it hears that the draft had arrived", async () => {
    const first = await start();
    await type(first, a, "hello");
    server.state.beforePut = async () => {
      server.state.beforePut = () => Promise.resolve();
      await type(first, a, "");
    };
    server.state.answering = false;
    void first.drafts.flush();
    await expect.poll(() => server.state.writes).toBe(1);
    server.state.answering = true;
    const later = await start();
    await later.connect();
    await later.drafts.flush();
    expect(await later.textOf(a)).toBe("");
    expect(await (await another()).textOf(a)).toBe("");
  });

  it("what is typed offline outlives a restart and goes out with the next connection", async () => {
    server.state.online = false;
    await type(await start(), a, "in the train");
    const later = await start();
    expect(await later.textOf(a)).toBe("in the train");
    server.state.online = true;
    await later.connect();
    await expect.poll(() => server.state.writes).toBe(1);
    expect(await (await another()).textOf(a)).toBe("in the train");
  });

  it("two devices that typed apart lose nothing: both texts stand in the box", async () => {
    const first = await start();
    await type(first, a, "Oats");
    await first.drafts.flush();

    const second = await another();
    server.state.online = false;
    await type(second, a, "Oats and beans");
    server.state.online = true;
    // Its write comes between this device's look and its write.
    const third = await server.otherDevice();
    server.state.beforePut = async () => {
      server.state.beforePut = () => Promise.resolve();
      await third.put(a, "Oats, no beans");
    };
    await second.drafts.flush();
    expect(await second.textOf(a)).toBe("Oats, no beans\nOats and beans");
    expect(offers.at(-1)).toMatchObject({
      conversation: a,
      before: "Oats and beans",
      text: "Oats, no beans\nOats and beans",
    });

    // What the box took in is this device's own from then on.
    const at = offers.at(-1)?.at ?? 0;
    await second.drafts.save(a, { text: "Beans", seen: at });
    await second.drafts.flush();
    expect(await (await another()).textOf(a)).toBe("Beans");
  });

  it("a device that looks again is shown what another one wrote since", async () => {
    const it = await start();
    await it.textOf(a);
    const other = await server.otherDevice();
    await other.put(a, "from the phone");
    await it.drafts.kept(a);
    await expect
      .poll(() => offers)
      .toMatchObject([{ conversation: a, before: "", text: "from the phone" }]);
    expect(await it.textOf(a)).toBe("from the phone");
  });

  it("one that is too long for a record stays whole on its device", async () => {
    const it = await start();
    const long = "x".repeat(DRAFT_TEXT + 1);
    await type(it, a, long);
    await it.drafts.flush();
    expect(server.state.writes).toBe(0);
    expect(await (await start()).textOf(a)).toBe(long);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { type ErrorCode, ProtocolError } from "../../../../workers/protocol/errors.ts";
import { blobIdText, messageIdText } from "../../../../workers/protocol/ids.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { type Tab, openTab } from "../device.test-kit.ts";
import { closeStores, forgetDevice } from "../store/local-store.test-kit.ts";
import { type FileEntry, isFileEntry } from "./around.ts";
import { FileServer, blobBytes, filesOf, lastingCopies, textFile } from "./files.test-kit.ts";

const talk = await newTalk("engine uploads");
const { owner, patient, together } = talk.room;
let server: FileServer;
let copies: ReturnType<typeof lastingCopies>;
let tab: Tab;
let here: ReturnType<typeof filesOf>;
let keys = 0;

const open = async (renew?: () => Promise<void>) => {
  tab = await openTab(owner, together.id, {
    server: talk.server,
    people: [patient],
    routes: server.routes,
  });
  await tab.catchUp.newer(tab.id);
  here = filesOf(tab, { server, copies, ...(renew ? { renew } : {}) });
};

/** As after a crash: what the store and the disk have is all that is left. */
const reopen = async () => {
  here.files.close();
  closeStores();
  await open();
};

const send = (outgoing = textFile(3_000)) =>
  here.files.sendFile({ key: `key ${++keys}`, conversation: tab.id, outgoing });
const entries = async () => (await tab.outbox.entries(tab.id)).map(({ entry }) => entry);
const fileEntries = async (): Promise<FileEntry[]> => (await entries()).filter(isFileEntry);
const states = async () => (await entries()).map(({ state }) => state.state);
const look = () => here.files.look(tab.id);
const only = async (): Promise<FileEntry> => {
  const [entry, ...more] = await fileEntries();
  if (!entry || more.length > 0) throw new RangeError("not one file");
  return entry;
};
const refuse = (code: ErrorCode) => {
  throw new ProtocolError(code);
};
/** What the other opens of what is at the server. */
const opened = async ({ messageId }: FileEntry) =>
  blobBytes(await here.files.openFile({ conversation: tab.id, message: messageIdText(messageId) }));

beforeEach(async () => {
  talk.server.entries.length = 5;
  server = new FileServer();
  copies = lastingCopies();
  await open();
});
afterEach(async () => {
  here.files.close();
  await forgetDevice();
});

describe("A6 a file goes up before its message", () => {
  test("F1 what is at the server opens by what the message says, and is nothing that can be read", async () => {
    const outgoing = textFile(3_000);
    const plain = await blobBytes(outgoing.file);
    expect(await send(outgoing)).toEqual({ resumable: true });
    await look();
    const entry = await only();
    expect(entry.state).toEqual({ state: "queued" });
    expect(entry.body).toMatchObject({ type: "text/plain", name: "notes.txt", size: 3_000 });
    const stored = server.stored(blobIdText(entry.body.blob));
    expect(new TextDecoder().decode(stored)).not.toContain("abc");
    await copies.remove("sending", blobIdText(entry.body.blob));
    expect(equalBytes(await opened(entry), plain)).toBe(true);
    expect(here.flushed).toContain(tab.id);
    expect(server.asked).toEqual(["begin", "put 1", "finish", "get"]);
  });

  test("M1 its message names its blob in the header, and is numbered only then", async () => {
    server.before = () => {
      throw new PlatformError("offline");
    };
    await send();
    await look();
    expect(await tab.outbox.assign(tab.id, 8)).toEqual([]);
    server.before = () => undefined;
    await look();
    const [ready] = await tab.outbox.assign(tab.id, 8);
    expect(ready?.blobs).toEqual([(await only()).body.blob]);
  });

  test("A4 a text never waits for it, and files keep their order among themselves", async () => {
    server.before = () => {
      throw new PlatformError("offline");
    };
    await send(textFile(300, "one.txt"));
    await send(textFile(300, "two.txt"));
    await tab.outbox.add(tab.id, { kind: "text", text: "hello" });
    await look();
    const ready = await tab.outbox.assign(tab.id, 8);
    expect(ready).toHaveLength(1);
    server.before = () => undefined;
    await look();
    const names = (await entries()).map(({ body }) =>
      body.kind === "file" ? body.name : body.kind,
    );
    expect(names).toEqual(["text", "one.txt", "two.txt"]);
    expect(await tab.outbox.assign(tab.id, 8)).toHaveLength(3);
  });

  test("F1 whose copy is in this tab's memory is told as such, here and where it is shown", async () => {
    const memory = filesOf(tab, { server, copies: { ...copies, isDurable: false } });
    const input = { key: "volatile", conversation: tab.id, outgoing: textFile(300) };
    expect(await memory.files.sendFile(input)).toEqual({ resumable: false });
    await memory.files.look(tab.id);
    expect((await only()).isVolatile).toBe(true);
    memory.files.close();
    await send();
    expect((await fileEntries()).map(({ isVolatile }) => isVolatile)).toEqual([true, undefined]);
  });

  test("A4 asked for twice under one key it is sent once, and its second copy goes", async () => {
    const again = () =>
      here.files.sendFile({ key: "same", conversation: tab.id, outgoing: textFile(300) });
    await again();
    await again();
    await look();
    await reopen();
    await expect
      .poll(() => copies.names("sending"))
      .toEqual([blobIdText((await only()).body.blob)]);
  });
});

describe("A6 goes on where it was", () => {
  test("A6 after a crash before or after any step, the file is there whole and its message once", async () => {
    for (let crash = 0; ; crash++) {
      let step = 0;
      const dead = new Error("crash");
      server.before = () => {
        if (step++ >= crash) throw new PlatformError("offline", dead);
      };
      const outgoing = textFile(3_000 + crash);
      await send(outgoing);
      await look();
      const isThrough = step <= crash;
      server.before = () => undefined;
      await reopen();
      await look();
      const entry = await only();
      expect(entry.state.state, `crash at ${crash}`).toBe("queued");
      const stored = server.stored(blobIdText(entry.body.blob));
      expect(stored.length).toBeGreaterThan(3_000);
      await copies.remove("sending", blobIdText(entry.body.blob));
      expect(equalBytes(await opened(entry), await blobBytes(outgoing.file))).toBe(true);
      await tab.outbox.discard(tab.id, entry.messageId);
      if (isThrough) {
        // begin, put, putDone, finish, finishDone
        expect(crash).toBe(5);
        return;
      }
    }
  });

  test("A6 a copy that was never recorded goes, and one that is recorded stays", async () => {
    await send();
    const kept = blobIdText((await only()).body.blob);
    const lost = await copies.create("sending", "AAAAAAAAAAAAAAAAAAAAAA");
    await lost.write(new Uint8Array(40));
    await lost.finish();
    await reopen();
    await expect.poll(() => copies.names("sending")).toEqual([kept]);
  });

  test("F1 parts go three at once, those that are there are not sent again, and progress is told", async () => {
    const outgoing = textFile(26 * 1024 * 1024, "long.txt");
    let puts = 0;
    server.before = async (step) => {
      if (step !== "put") return;
      // From the fourth on there is no network.
      if (++puts >= 4) throw new PlatformError("offline");
    };
    await send(outgoing);
    await look();
    const entry = await only();
    expect(entry.state.state).toBe("uploading");
    const before = [...(server.uploads.get(blobIdText(entry.body.blob))?.parts.keys() ?? [])];
    expect(before.length).toBeGreaterThan(0);
    expect(server.mostAtOnce).toBe(3);
    server.asked.length = 0;
    server.before = () => undefined;
    await reopen();
    await look();
    const sent = server.asked
      .filter((one) => one.startsWith("put"))
      .map((one) => Number(one.slice(4)));
    expect([...before, ...sent].sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    const total = server.stored(blobIdText(entry.body.blob)).length;
    const up = here.told.filter(({ transfer }) => transfer.direction === "up");
    expect(up.at(0)?.transfer).toMatchObject({ total, secondsLeft: null });
    expect(up.at(0)?.transfer.done).toBeGreaterThan(0);
    expect(up.at(-1)).toMatchObject({ isOver: true, transfer: { done: total, total } });
    expect(equalBytes(await opened(entry), await blobBytes(outgoing.file))).toBe(true);
  });

  test("F1 without a network it waits, and the next contact sends it", async () => {
    server.before = () => {
      throw new PlatformError("offline");
    };
    await send();
    await look();
    await look();
    expect(await states()).toEqual(["uploading"]);
    server.before = () => undefined;
    await look();
    expect(await states()).toEqual(["queued"]);
  });

  test("F1 a request that is lost while there is a network is made again by itself, and not for ever", async () => {
    here.files.close();
    here = filesOf(tab, { server, copies, isOnline: true });
    let lost = 3;
    server.before = (step) => {
      if (step === "put" && lost-- > 0) throw new PlatformError("offline");
    };
    await send();
    await look();
    expect([await states(), here.pauses.length]).toEqual([["queued"], 2]);
    lost = Number.POSITIVE_INFINITY;
    await send();
    await look();
    expect(await states()).toEqual(["queued", "uploading"]);
  });

  test("F1 of two tabs one sends", async () => {
    const other = filesOf(tab, { server, copies });
    let arrived: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.before = async (step) => {
      if (step !== "put") return;
      arrived();
      await held;
    };
    await send();
    await first;
    const second = other.files.look(tab.id);
    release();
    await Promise.all([look(), second]);
    await expect.poll(states).toEqual(["queued"]);
    expect(server.asked.filter((one) => one.startsWith("put"))).toEqual(["put 1"]);
    other.files.close();
  });
});

describe("A6 what the server says of it", () => {
  test.each(["quota_exceeded", "file_too_large", "upload_mismatch", "not_found"] as const)(
    "F1 refused as %s it is kept and said so, the next one goes on, and pressed again it goes up",
    async (code) => {
      let isRefusing = true;
      server.before = (step) => isRefusing && step === "begin" && refuse(code);
      await send(textFile(300, "one.txt"));
      await look();
      const entry = await only();
      expect(entry.state).toEqual({ state: "failed", problem: code });
      expect(await copies.names("sending")).toEqual([blobIdText(entry.body.blob)]);
      isRefusing = false;
      await send(textFile(300, "two.txt"));
      await look();
      expect(await states()).toEqual(["failed", "queued"]);
      expect(await tab.outbox.retry(tab.id, entry.messageId)).toBe(true);
      expect(await states()).toEqual(["queued", "uploading"]);
      await look();
      expect(await states()).toEqual(["queued", "queued"]);
    },
  );

  test("F1 a member who was removed half-way keeps it, and is told", async () => {
    server.before = (step) => step === "put" && refuse("not_found");
    await send();
    await look();
    expect((await only()).state).toEqual({ state: "failed", problem: "not_found" });
  });

  test("A6 an upload that the server let go of goes up again, as another blob under another key", async () => {
    const outgoing = textFile(5_000);
    let isFirst = true;
    server.before = (step) => {
      if (step !== "finish" || !isFirst) return;
      isFirst = false;
      refuse("blob_gone");
    };
    await send(outgoing);
    const before = (await only()).body;
    await look();
    const { body, state } = await only();
    expect(state.state).toBe("queued");
    expect(equalBytes(body.blob, before.blob)).toBe(false);
    expect(equalBytes(body.key, before.key)).toBe(false);
    expect(equalBytes(body.trailer, before.trailer)).toBe(false);
    expect({ ...body, blob: 0, key: 0, trailer: 0 }).toEqual({
      ...before,
      blob: 0,
      key: 0,
      trailer: 0,
    });
    expect(equalBytes(await opened(await only()), await blobBytes(outgoing.file))).toBe(true);
  });

  test("A6 a message that is refused since its file is gone sends it again by itself, and not for ever", async () => {
    await send();
    const blobs = new Set<string>();
    for (let time = 0; time < 4; time++) {
      await look();
      const { body, state } = await only();
      if (state.state === "failed") break;
      expect(state.state).toBe("queued");
      blobs.add(blobIdText(body.blob));
      const [ready] = await tab.outbox.assign(tab.id, 1);
      await tab.outbox.failed(tab.id, ready?.order ?? 0, "blob_gone");
    }
    await look();
    expect((await only()).state).toEqual({ state: "failed", problem: "blob_gone" });
    expect(blobs.size).toBe(3);
  });

  test("F1 parts that do not stay are sent again, a few times", async () => {
    let misses = 1;
    server.before = (step, blob) => {
      if (step === "finish" && misses-- > 0) server.uploads.get(blob)?.parts.clear();
    };
    await send();
    await look();
    expect(await states()).toEqual(["queued"]);
    expect(server.asked).toEqual(["begin", "put 1", "finish", "begin", "put 1", "finish"]);
    misses = Number.POSITIVE_INFINITY;
    await send(textFile(300, "two.txt"));
    await look();
    expect(await states()).toEqual(["queued", "uploading"]);
    expect(server.asked.length).toBeLessThan(200);
  });

  test("F1 a part of which the session had ended goes with a new one", async () => {
    here.files.close();
    let renewed = 0;
    await open(async () => {
      renewed += 1;
      server.before = () => undefined;
    });
    server.before = (step) => step === "put" && refuse("unauthenticated");
    await send();
    await look();
    expect([await states(), renewed]).toEqual([["queued"], 1]);
  });

  test("F1 waits as long as it is asked to", async () => {
    let isFirst = true;
    server.before = (step) => {
      if (step !== "put" || !isFirst) return;
      isFirst = false;
      throw new ProtocolError("rate_limited", undefined, 1_234);
    };
    await send();
    await look();
    expect([await states(), here.pauses]).toEqual([["queued"], [1_234]]);
  });
});

describe("F1 a copy", () => {
  test("F1 that is gone, or altered, is not sent, and that is said", async () => {
    server.before = () => {
      throw new PlatformError("offline");
    };
    await send();
    await look();
    const { body } = await only();
    const name = blobIdText(body.blob);
    const whole = await copies.open("sending", name);
    const bytes = await blobBytes(whole ?? new Blob());
    for (const altered of [
      null,
      bytes.slice(1),
      bytes.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
    ]) {
      await copies.remove("sending", name);
      if (altered) {
        const writer = await copies.create("sending", name);
        await writer.write(altered);
        await writer.finish();
      }
      server.asked.length = 0;
      server.before = () => undefined;
      const { messageId } = await only();
      await tab.outbox.retry(tab.id, messageId);
      await look();
      expect((await only()).state).toEqual({ state: "failed", problem: "file_lost" });
      expect(server.asked.filter((one) => one.startsWith("put"))).toEqual([]);
    }
  });

  test("A6 that is discarded while it goes up stops, and is let go of here and there", async () => {
    let arrived: () => void = () => undefined;
    const going = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.before = async (step) => {
      if (step !== "put") return;
      arrived();
      await held;
    };
    await send();
    await going;
    const { messageId } = await only();
    expect(await tab.outbox.discard(tab.id, messageId)).toBe(true);
    const stopped = look();
    // The part that is under way ends with the signal, not with its answer.
    await stopped;
    release();
    await expect.poll(() => server.asked.includes("cancel")).toBe(true);
    expect(await states()).toEqual([]);
    await expect.poll(() => copies.names("sending")).toEqual([]);
    expect(server.uploads.size).toBe(0);
  });

  test("F1 for which there is no room: nothing is recorded and nothing stays", async () => {
    const full = {
      ...copies,
      create: async () => Promise.reject(new DOMException("", "QuotaExceededError")),
    };
    const none = filesOf(tab, { server, copies: full });
    const input = { key: "full", conversation: tab.id, outgoing: textFile(300) };
    await expect(none.files.sendFile(input)).rejects.toThrow();
    expect([await states(), await copies.names("sending")]).toEqual([[], []]);
    none.files.close();
  });

  test("F1 whose source changes while it is read: nothing is recorded and nothing stays", async () => {
    const file = new Blob(["some words"]);
    let reads = 0;
    Object.defineProperty(file, "slice", {
      value: (from: number, to: number) => {
        reads += 1;
        return reads > 3 ? new Blob(["x"]) : new Blob(["some words".slice(from, to)]);
      },
    });
    const outgoing = { ...textFile(1), file };
    await expect(send(outgoing)).rejects.toMatchObject({ problem: "file_changed" });
    expect([await states(), await copies.names("sending")]).toEqual([[], []]);
  });
});

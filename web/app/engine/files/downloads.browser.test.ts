import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { concatBytes, equalBytes } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { type BlobId, blobIdText } from "../../../../workers/protocol/ids.ts";
import type { FileBody } from "../../../core/files/file-body.ts";
import { chunkSpan, layoutOf } from "../../../core/files/layout.ts";
import { sealFile } from "../../../core/files/seal.ts";
import { sourceOf } from "../../../core/files/source.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import {
  epochOf,
  senderOf as authorOf,
  writeContent,
} from "../../../core/messages/room.test-kit.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import { fileCrypto } from "../../../platform/files/file-crypto.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { type Tab, openTab } from "../device.test-kit.ts";
import { forgetDevice, random } from "../store/local-store.test-kit.ts";
import { FileServer, blobBytes, filesOf, lastingCopies, textFile } from "./files.test-kit.ts";

const talk = await newTalk("engine downloads");
const { owner, patient, together } = talk.room;
const MIB = 1024 * 1024;
let server: FileServer;
let copies: ReturnType<typeof lastingCopies>;
let tab: Tab;
let here: ReturnType<typeof filesOf>;

const plainOf = (size: number): Uint8Array =>
  new Uint8Array(size).map((_, i) => (i * 31 + (i >> 12)) & 0xff);

/** The newest message of the patient, in the log of the owner; `tip` of the patient's device. */
let tip: { deviceSeq: number; digest: Uint8Array } | null;
/** Two bundles and three messages of the patient. */
const start = 5;

/** A file of the other, at the server and in the log; `says` is what its message says otherwise. */
async function received(plain: Uint8Array, says: Partial<FileBody> = {}) {
  const pieces: Uint8Array[] = [];
  const write = async (bytes: Uint8Array) => void pieces.push(bytes.slice());
  const { key, trailer, size } = await sealFile(fileCrypto, random, sourceOf(plain), write);
  const blob = random.bytes(16);
  const about = { type: "application/pdf" as const, name: "plan.pdf" };
  const content = { kind: "file" as const, blob, key, trailer, size, ...about, ...says };
  const stored = concatBytes(...pieces);
  const parts = new Map<number, Uint8Array>([[1, stored]]);
  const name: BlobId = blobIdText(blob);
  server.uploads.set(name, { bytes: stored.length, parts, isComplete: true });
  const message = writeContent(talk.room, patient, content, tip);
  tip = message;
  const { suite } = talk.room;
  talk.server.envelope(
    await sealEnvelope(suite.random, authorOf(patient), epochOf(together), message, [blob]),
  );
  await tab.catchUp.newer(tab.id);
  const seq = talk.server.entries.length;
  const row = (await tab.shown()).at(-1);
  expect(row).toBe("file");
  return { seq, name, stored, content };
}

const open = (seq: number) => here.files.openFile({ conversation: tab.id, message: seq });

beforeEach(async () => {
  talk.server.entries.length = start;
  tip = talk.messages.at(-1) ?? null;
  server = new FileServer();
  copies = lastingCopies();
  tab = await openTab(owner, together.id, {
    server: talk.server,
    people: [patient],
    routes: server.routes,
  });
  await tab.catchUp.newer(tab.id);
  here = filesOf(tab, { server, copies });
});
afterEach(async () => {
  here.files.close();
  await forgetDevice();
});

describe("F1 a file that came", () => {
  test.each([40, MIB - 1, MIB, 3 * MIB + 5])("F1 opens as it was sent: %i bytes", async (size) => {
    const plain = plainOf(size);
    const { seq, name } = await received(plain);
    expect(equalBytes(await blobBytes(await open(seq)), plain)).toBe(true);
    expect(await copies.names("cache")).toEqual([name]);
    server.asked.length = 0;
    expect(equalBytes(await blobBytes(await open(seq)), plain)).toBe(true);
    expect(server.asked).toEqual([]);
    const down = here.told.filter(({ transfer }) => transfer.direction === "down");
    expect(down.at(-1)?.isOver).toBe(true);
  });

  test("F2 has a type under which nothing runs, whatever its author says it is", async () => {
    const page = new TextEncoder().encode("<html><script>alert(1)</script></html>");
    const as = async (says: Partial<FileBody>) =>
      (await open((await received(page, says)).seq)).type;
    expect(await as({})).toBe("application/octet-stream");
    expect(await as({ type: "text/plain", name: "a.txt" })).toBe("application/octet-stream");
    expect(await as({ type: "image/png", name: "a.png" })).toBe("image/png");
    expect(await as({ type: "audio/ogg", name: "a.ogg" })).toBe("audio/ogg");
  });

  test("F1 too large to be kept, it is opened and not kept", async () => {
    const plain = plainOf(17 * MIB);
    const { seq } = await received(plain);
    expect((await open(seq)).size).toBe(plain.length);
    expect(await copies.names("cache")).toEqual([]);
  });

  test("F1 opened twice at once it comes once", async () => {
    const { seq } = await received(plainOf(5_000));
    await Promise.all([open(seq), open(seq)]);
    expect(server.asked).toEqual(["get"]);
  });

  test("F1 a connection that breaks is gone on with from the chunk that it broke at", async () => {
    const plain = plainOf(3 * MIB + 5);
    const { seq } = await received(plain);
    const asked: number[] = [];
    server.gives = (bytes, { from, to }) => {
      asked.push(from);
      // Each answer ends within its second chunk.
      return bytes.slice(from, Math.min(to, from + MIB + 500));
    };
    expect(equalBytes(await blobBytes(await open(seq)), plain)).toBe(true);
    const layout = layoutOf(plain.length);
    const begins = [0, 1, 2, 3].map((index) => chunkSpan(layout, index).from);
    expect(asked).toEqual([layout.sealed, ...begins]);
  });

  test("F1 one that breaks again and again is given up, and nothing is kept", async () => {
    const { seq } = await received(plainOf(3 * MIB));
    let gets = 0;
    server.before = () => {
      if (++gets > 1) throw new PlatformError("offline");
    };
    await expect(open(seq)).rejects.toMatchObject({ failure: "offline" });
    expect([gets, await copies.names("cache")]).toEqual([4, []]);
    server.before = () => undefined;
    expect((await open(seq)).size).toBe(3 * MIB);
  });

  test("F1 that nobody waits for any more stops", async () => {
    const { seq } = await received(plainOf(3 * MIB));
    server.before = async (step) => {
      if (step !== "get") return;
      const id = here.told.at(0)?.transfer.id;
      if (id) await here.files.leaveFile(id);
    };
    let gets = 0;
    server.gives = (bytes, { from, to }) => {
      gets += 1;
      if (gets > 1) throw new PlatformError("offline");
      return bytes.slice(from, to);
    };
    await expect(open(seq)).rejects.toThrow();
    expect(await copies.names("cache")).toEqual([]);
  });

  test("F1 that the server does not have is said so", async () => {
    const { seq } = await received(plainOf(300));
    server.uploads.clear();
    await expect(open(seq)).rejects.toMatchObject({ code: "not_found" });
    await expect(open(1)).rejects.toMatchObject({ code: "not_found" });
  });

  test("F1 on a device without room it is opened all the same", async () => {
    here.files.close();
    const full = {
      ...copies,
      create: () => Promise.reject(new DOMException("", "QuotaExceededError")),
    };
    here = filesOf(tab, { server, copies: full });
    const { seq } = await received(plainOf(5_000));
    expect((await open(seq)).size).toBe(5_000);
  });
});

describe("F1 a server that lies", () => {
  const flip = (bytes: Uint8Array, at: number): Uint8Array =>
    bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const size = 3 * MIB;
  const layout = layoutOf(size);
  const [first, second] = [chunkSpan(layout, 0), chunkSpan(layout, 1)];

  test.each([
    ["alters a chunk", (bytes: Uint8Array) => flip(bytes, MIB + 300)],
    [
      "swaps two chunks",
      (bytes: Uint8Array) =>
        concatBytes(
          bytes.subarray(second.from, second.to),
          bytes.subarray(first.from, first.to),
          bytes.subarray(second.to),
        ),
    ],
    ["alters the trailer", (bytes: Uint8Array) => flip(bytes, bytes.length - 1)],
    ["alters the last chunk", (bytes: Uint8Array) => flip(bytes, layout.sealed - 1)],
  ])("F1 and %s is not believed; nothing is given or kept", async (_, altered) => {
    const { seq } = await received(plainOf(size));
    server.gives = (bytes, { from, to }) => altered(bytes).slice(from, to);
    await expect(open(seq)).rejects.toMatchObject({ problem: "file_altered" });
    expect(await copies.names("cache")).toEqual([]);
    server.gives = (bytes, { from, to }) => bytes.slice(from, to);
    expect((await open(seq)).size).toBe(size);
  });

  test("F1 and gives less than there is is not believed", async () => {
    const { seq } = await received(plainOf(300));
    server.gives = (bytes, { from, to }) => bytes.slice(from, to - 1);
    await expect(open(seq)).rejects.toMatchObject({ failure: "offline" });
  });

  test("F1 and gives more is heard no further than what was asked for", async () => {
    const plain = plainOf(300);
    const { seq } = await received(plain);
    server.gives = (bytes) => concatBytes(bytes, new Uint8Array(5_000_000));
    expect(equalBytes(await blobBytes(await open(seq)), plain)).toBe(true);
  });

  test("F1 and gives another file of the same length is not believed", async () => {
    const other = await received(plainOf(5_000));
    const { seq } = await received(plainOf(5_000));
    server.gives = (_, { from, to }) => other.stored.slice(from, to);
    await expect(open(seq)).rejects.toMatchObject({ problem: "file_altered" });
  });
});

describe("F2 an author who lies", () => {
  test.each([
    ["another key", { key: new Uint8Array(32).fill(3) }],
    ["another trailer", { trailer: new Uint8Array(32).fill(3) }],
    ["a smaller size", { size: 4_000 }],
    ["a size of another length", { size: 50_000 }],
  ])("F2 and says %s: it is not opened", async (_, says) => {
    const { seq } = await received(plainOf(5_000), says);
    await expect(open(seq)).rejects.toBeDefined();
    expect(await copies.names("cache")).toEqual([]);
  });
});

describe("F1 what is kept", () => {
  test("F1 and was altered on the device goes, and the file comes again", async () => {
    const plain = plainOf(5_000);
    const { seq, name, stored } = await received(plain);
    for (const broken of [stored.slice(1), stored.map((byte, i) => (i === 9 ? byte ^ 1 : byte))]) {
      await copies.remove("cache", name);
      const writer = await copies.create("cache", name);
      await writer.write(broken);
      await writer.finish();
      server.asked.length = 0;
      expect(equalBytes(await blobBytes(await open(seq)), plain)).toBe(true);
      expect(server.asked).toEqual(["get"]);
    }
  });

  test("M5 goes with its message", async () => {
    const { seq, name, content } = await received(plainOf(5_000));
    await open(seq);
    expect(await copies.names("cache")).toEqual([name]);
    if (!tip) throw new RangeError("no tip");
    const { deviceSeq, digest } = tip;
    const target = { device: patient.device.id, deviceSeq, digest, seq };
    const deletion = writeContent(talk.room, patient, { kind: "deletion", target }, tip);
    const { suite } = talk.room;
    talk.server.envelope(
      await sealEnvelope(suite.random, authorOf(patient), epochOf(together), deletion),
    );
    await tab.catchUp.newer(tab.id);
    expect((await tab.record()).copiesGone).toEqual([content.blob]);
    await here.files.look(tab.id);
    expect(await copies.names("cache")).toEqual([]);
    expect((await tab.record()).copiesGone).toEqual([]);
    await expect(open(seq)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("F1 a file that is forwarded", () => {
  test("F1 is sealed anew: another blob under another key, with the same words in it", async () => {
    const plain = plainOf(5_000);
    const { seq, content } = await received(plain);
    await here.files.forwardFile({
      key: "forward",
      from: { conversation: tab.id, message: seq },
      to: tab.id,
      caption: " look ",
    });
    await here.files.look(tab.id);
    const [waiting] = await tab.outbox.entries(tab.id);
    const body = waiting?.entry.body;
    if (body?.kind !== "file") throw new RangeError("no file");
    expect(body).toMatchObject({ type: "application/pdf", name: "plan.pdf", caption: "look" });
    for (const part of ["blob", "key", "trailer"] as const) {
      expect(equalBytes(body[part], content[part])).toBe(false);
    }
    expect(server.stored(blobIdText(body.blob)).length).toBe(layoutOf(5_000).bytes);
  });
});

describe("F2 the files of a conversation", () => {
  const gallery = (before: number | null = null, shape: "image" | "document" | null = null) =>
    here.files.files({ conversation: tab.id, shape, before });

  test("F2 come newest first, by month, each shape by itself", async () => {
    const one = await received(plainOf(300), { caption: "your plan" });
    const two = await received(plainOf(300), { type: "image/png", name: "a.png" });
    const { rows, before, isWhole } = await gallery();
    expect(rows.map(({ seq }) => seq)).toEqual([two.seq, one.seq]);
    expect([before, isWhole]).toEqual([null, true]);
    expect(rows[1]).toMatchObject({ caption: "your plan", sender: { own: false } });
    expect(rows[0]?.file).toEqual({ kind: "image", type: "image/png", name: "a.png", size: 300 });
    expect(rows[0]?.month).toMatch(/^\d{4}-\d{2}$/);
    const shapes = await Promise.all([gallery(null, "image"), gallery(null, "document")]);
    expect(shapes.map((page) => page.rows.map(({ seq }) => seq))).toEqual([[two.seq], [one.seq]]);
  });

  test("F2 more than a page come page by page, each once", async () => {
    const seqs: number[] = [];
    for (let i = 0; i < 63; i++) seqs.push((await received(plainOf(20))).seq);
    const first = await gallery();
    const second = await gallery(first.before);
    expect([first.rows.length, second.rows.length, second.before]).toEqual([60, 3, null]);
    const all = [...first.rows, ...second.rows].map(({ seq }) => seq);
    expect(all).toEqual(seqs.toReversed());
  });

  test("F2 the server's limits are told, and hold for what is sent from then on", async () => {
    expect(await here.files.fileLimits(tab.id)).toEqual({
      file: 1_000_000,
      conversation: { used: 1, limit: 2 },
      account: null,
    });
    const send = (size: number) =>
      here.files.sendFile({ key: `${size}`, conversation: tab.id, outgoing: textFile(size) });
    await send(1_000_000);
    await expect(send(1_000_001)).rejects.toEqual(new ProtocolError("file_too_large"));
  });
});

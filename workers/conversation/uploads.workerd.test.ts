import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { toBase64url } from "../protocol/bytes.ts";
import { LIMITS } from "../protocol/limits.ts";
import { alarmComes, open, seedPair, settled, withDeps } from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";
import { TWO_PARTS, TestUpload, counted, fileKeys, later, registered } from "./uploads.test-kit.ts";

vi.setConfig({ testTimeout: 40_000 });

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

describe("F1 an upload", () => {
  test("F1 of one part is one put, and every step may be repeated", async () => {
    const pair = await seedPair();
    const file = new TestUpload(pair.patient, pair);
    for (const _ of [1, 2]) expect(await file.begin()).toBe("ok");
    expect(await file.finish()).toBe("upload_incomplete");
    for (const _ of [1, 2]) expect(await file.part(1)).toBe("ok");
    expect(await file.state()).toEqual([1]);
    for (const _ of [1, 2]) expect(await file.finish()).toBe("ok");
    expect(await file.state()).toBe("complete");
    expect(await file.part(1)).toBe("ok");
    expect((await env.BLOBS.head(file.key))?.size).toBe(1_000);
    expect(await counted(pair)).toEqual({ held: 1_000, told: 1_000 });
    expect(await registered(pair)).toBe(1_000);
  });

  test("F1 goes on after an eviction between any two steps, and after days", async () => {
    const pair = await seedPair();
    const { stub, patient } = pair;
    const file = new TestUpload(patient, pair, TWO_PARTS);
    expect(await file.begin()).toBe("ok");
    await evictDurableObject(stub);
    expect(await file.part(2)).toBe("ok");
    await evictDurableObject(stub);
    expect(await file.state()).toEqual([2]);
    await later(pair, 6 * DAY);
    await alarmComes(stub);
    expect(await file.part(1)).toBe("ok");
    await evictDurableObject(stub);
    // Six days after the last part, not after the first.
    await later(pair, 12 * DAY);
    await alarmComes(stub);
    expect(await file.state()).toEqual([1, 2]);
    expect(await file.finish()).toBe("ok");
    await evictDurableObject(stub);
    expect(await file.finish()).toBe("ok");
    const object = await env.BLOBS.get(file.key);
    const bytes = new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer());
    expect(bytes.length).toBe(TWO_PARTS);
    expect([bytes[LIMITS.filePart - 1], bytes[LIMITS.filePart]]).toEqual([1, 2]);
  });

  test("F1 a part of another length or number is refused before R2 sees it, as are other bytes", async () => {
    const pair = await seedPair();
    const file = new TestUpload(pair.patient, pair, TWO_PARTS);
    expect(await file.begin()).toBe("ok");
    for (const [part, length] of [
      [1, LIMITS.filePart - 1],
      [1, 1_000],
      [2, 999],
      [2, 1_001],
      [3, 1_000],
    ] as const) {
      expect(await file.part(part, length)).toBe("upload_mismatch");
    }
    expect(await file.begin(TWO_PARTS + 1)).toBe("upload_mismatch");
    expect(await file.state()).toEqual([]);
    const undeclared = { "content-length": "" };
    const params = { ...file.params, part: "2" };
    const { browser } = pair.patient.person;
    const body = new Uint8Array(1_000);
    expect(await browser.outcome("uploadPart", { params, body, headers: undeclared })).toBe(
      "upload_mismatch",
    );
    const json = { "content-type": "application/json" };
    expect(await browser.outcome("uploadPart", { params, body, headers: json })).toBe(
      "bad_request",
    );
    expect(await file.part(2)).toBe("ok");
  });

  test("F1 another account's upload is nobody's, and its id cannot be taken", async () => {
    const pair = await seedPair();
    const file = new TestUpload(pair.patient, pair);
    expect(await file.begin()).toBe("ok");
    const other = new TestUpload(pair.owner, pair);
    other.blob.set(file.blob);
    expect(await other.begin()).toBe("upload_mismatch");
    expect(await other.part(1)).toBe("not_found");
    expect(await other.finish()).toBe("not_found");
    expect(await other.cancel()).toBe("not_found");
    expect(await file.send()).toBe("ok");
  });

  test("F1 what is larger than a file may be is refused, and the caller can ask before", async () => {
    const pair = await seedPair();
    const params = { conversation: toBase64url(pair.conversation) };
    const ofPatient = await pair.patient.person.browser.get("storage", { params });
    expect(ofPatient).toMatchObject({ fileBytes: 25 * 1024 * 1024, account: null });
    const file = new TestUpload(pair.patient, pair, ofPatient.sealedBytes + 1);
    expect(await file.begin()).toBe("file_too_large");
    expect(await file.begin(ofPatient.sealedBytes)).toBe("ok");
    const ofOwner = await pair.owner.person.browser.get("storage", { params });
    const used = ofPatient.sealedBytes;
    expect(ofOwner.conversation).toEqual({ used, limit: 2 * 1024 ** 3 });
    expect(ofOwner.account).toEqual({ used, limit: 20 * 1024 ** 3 });
  });
});

describe("A6 a failure or a crash at each step of an upload", () => {
  const failing = () => Promise.reject(new Error("R2 is away"));

  test("A6 R2 has the part and it was not noted: it comes again", async () => {
    const pair = await seedPair();
    const { stub, patient } = pair;
    const one = new TestUpload(patient, pair);
    expect(await one.begin()).toBe("ok");
    await env.BLOBS.put(one.key, new Uint8Array(1_000));
    await evictDurableObject(stub);
    expect(await one.state()).toEqual([]);
    expect(await one.send()).toBe("ok");
    const two = new TestUpload(patient, pair, TWO_PARTS);
    expect(await two.begin()).toBe("ok");
    expect(await two.part(2)).toBe("ok");
    const upload = (await two.row())?.upload ?? "";
    await env.BLOBS.resumeMultipartUpload(two.key, upload).uploadPart(
      1,
      new Uint8Array(LIMITS.filePart),
    );
    await evictDurableObject(stub);
    expect(await two.state()).toEqual([2]);
    expect(await two.send()).toBe("ok");
  });

  test("A6 R2 cannot begin a multipart upload: nothing is kept, and it can be tried again", async () => {
    const pair = await seedPair();
    const file = new TestUpload(pair.patient, pair, TWO_PARTS);
    expect(await file.begin()).toBe("ok");
    const heal = await withDeps(pair, ({ blobs }) => ({ blobs: { ...blobs, create: failing } }));
    expect(await file.part(2)).toBe("unavailable");
    expect(await file.state()).toEqual([]);
    await heal();
    expect(await file.send()).toBe("ok");
  });

  test("A6 R2 made the blob and it was not noted: the next finish finds it", async () => {
    const pair = await seedPair();
    const file = new TestUpload(pair.patient, pair, TWO_PARTS);
    expect(await file.begin()).toBe("ok");
    for (const part of [1, 2]) expect(await file.part(part)).toBe("ok");
    const { upload } = (await file.row()) ?? {};
    const parts = await runInDurableObject(pair.stub, ({ core }) =>
      core.stores.blobs.parts(file.blob),
    );
    await env.BLOBS.resumeMultipartUpload(file.key, upload ?? "").complete(
      parts.map(({ part, etag }) => ({ partNumber: part, etag })),
    );
    await evictDurableObject(pair.stub);
    expect(await file.state()).toEqual([1, 2]);
    expect(await file.finish()).toBe("ok");
    expect(await file.state()).toBe("complete");
  });

  test("A6 R2 fails at the end: it is tried again, and after some times the parts come again", async () => {
    const pair = await seedPair();
    const file = new TestUpload(pair.patient, pair, TWO_PARTS);
    expect(await file.begin()).toBe("ok");
    for (const part of [1, 2]) expect(await file.part(part)).toBe("ok");
    const heal = await withDeps(pair, ({ blobs }) => ({ blobs: { ...blobs, complete: failing } }));
    for (let i = 1; i < TUNING.finishTries; i++) expect(await file.finish()).toBe("unavailable");
    expect(await file.state()).toEqual([1, 2]);
    expect(await file.finish()).toBe("upload_incomplete");
    expect(await file.state()).toEqual([]);
    await heal();
    expect(await file.send()).toBe("ok");
    expect(await fileKeys(pair)).toEqual([file.key]);
  });

  test("A6 an upload that R2 let go begins anew, and says so", async () => {
    const pair = await seedPair();
    const file = new TestUpload(pair.patient, pair, TWO_PARTS);
    expect(await file.begin()).toBe("ok");
    expect(await file.part(2)).toBe("ok");
    const { upload } = (await file.row()) ?? {};
    await env.BLOBS.resumeMultipartUpload(file.key, upload ?? "").abort();
    expect(await file.part(1)).toBe("upload_incomplete");
    expect(await file.state()).toEqual([]);
    expect(await file.send()).toBe("ok");
  });

  test("A6 D1 is away when a file is announced, before or after it took it: the total is right in the end", async () => {
    const pair = await seedPair();
    const { stub, patient } = pair;
    const file = new TestUpload(patient, pair);
    let heal = await withDeps(pair, () => ({
      reserveFiles: () => Promise.reject(new Error("D1_ERROR: away")),
    }));
    expect(await file.begin()).toBe("unavailable");
    expect(await file.part(1)).toBe("upload_incomplete");
    await heal();
    heal = await withDeps(pair, ({ reserveFiles }) => ({
      async reserveFiles(...asked) {
        await reserveFiles(...asked);
        throw new Error("D1_ERROR: answer lost");
      },
    }));
    expect(await file.begin()).toBe("unavailable");
    expect(await registered(pair)).toBe(1_000);
    await evictDurableObject(stub);
    await alarmComes(stub);
    expect(await registered(pair)).toBe(0);
    expect(await file.send()).toBe("ok");
    expect(await registered(pair)).toBe(1_000);
    expect(await counted(pair)).toEqual({ held: 1_000, told: 1_000 });
  });

  test("A6 the registry has not heard of the conversation: it is told, and then asked", async () => {
    const pair = await seedPair();
    await env.DB.prepare("DELETE FROM conversations WHERE id = ?")
      .bind(toBase64url(pair.conversation))
      .run();
    expect(await new TestUpload(pair.patient, pair).send()).toBe("ok");
    expect(await registered(pair)).toBe(1_000);
  });

  test("A6 D1 was restored to an earlier day: it is told the total again", async () => {
    const pair = await seedPair();
    expect(await new TestUpload(pair.patient, pair).send()).toBe("ok");
    await env.DB.prepare("UPDATE conversations SET file_bytes = 7 WHERE id = ?")
      .bind(toBase64url(pair.conversation))
      .run();
    expect(await pair.stub.afterRestore()).toMatchObject({ ok: true });
    await vi.waitFor(async () => expect(await registered(pair)).toBe(1_000), 20_000);
  });

  test("A6 a part that is still on its way when its upload ends is deleted again", async () => {
    const pair = await seedPair();
    const { stub, patient } = pair;
    const file = new TestUpload(patient, pair);
    expect(await file.send()).toBe("ok");
    expect(await file.cancel()).toBe("ok");
    await alarmComes(stub);
    expect(await fileKeys(pair)).toEqual([]);
    await env.BLOBS.put(file.key, new Uint8Array(1_000));
    await evictDurableObject(stub);
    await later(pair, TUNING.lastPartMs + 1_000);
    await alarmComes(stub);
    expect(await fileKeys(pair)).toEqual([]);
    expect(await file.row()).toBeNull();
    // The conversation itself went on.
    const socket = await open(patient, pair);
    await settled(socket, patient, pair);
  });
});

describe("A6 a crash at each step of a removal", () => {
  const STEPS = ["abort", "delete"] as const;
  const lost = () => Promise.reject(new Error("R2 is away"));

  test.each(STEPS.flatMap((step) => [[step, "before"] as const, [step, "after"] as const]))(
    "A6 %s fails %s R2 has done it: after an eviction nothing is left",
    async (step, when) => {
      const pair = await seedPair();
      const { stub, patient } = pair;
      const files = [new TestUpload(patient, pair, TWO_PARTS), new TestUpload(patient, pair)];
      for (const file of files) expect(await file.begin()).toBe("ok");
      for (const [i, file] of files.entries()) expect(await file.part(2 - i)).toBe("ok");
      const uploads = await Promise.all(files.map((file) => file.row()));
      await withDeps(pair, ({ blobs }) => ({
        blobs: {
          ...blobs,
          async [step](key: string, upload: string) {
            if (when === "after") await blobs[step](key, upload);
            return lost();
          },
        },
      }));
      for (const file of files) expect(await file.cancel()).toBe("ok");
      await alarmComes(stub);
      expect((await files[0]?.row())?.phase).toBe("ended");
      await evictDurableObject(stub);
      await vi.waitFor(async () => {
        for (const file of files) expect((await file.row())?.phase).toBe("removed");
      }, 20_000);
      expect(await fileKeys(pair)).toEqual([]);
      const upload = env.BLOBS.resumeMultipartUpload(files[0]?.key ?? "", uploads[0]?.upload ?? "");
      await expect(upload.uploadPart(1, new Uint8Array(10))).rejects.toThrow("10024");
      await later(pair, 2 * TUNING.lastPartMs);
      await alarmComes(stub);
      for (const file of files) expect(await file.row()).toBeNull();
      expect(await registered(pair)).toBe(0);
    },
  );
});

describe("A6 what nobody goes on with", () => {
  test("A6 an abandoned upload and a file that no message names go after seven days, a named one stays", async () => {
    const pair = await seedPair();
    const { stub, patient, head } = pair;
    const [named, unnamed] = [new TestUpload(patient, pair), new TestUpload(patient, pair)];
    const abandoned = new TestUpload(patient, pair, TWO_PARTS);
    for (const file of [named, unnamed]) expect(await file.send()).toBe("ok");
    expect(await abandoned.begin()).toBe("ok");
    expect(await abandoned.part(2)).toBe("ok");
    const { upload } = (await abandoned.row()) ?? {};
    const socket = await open(patient, pair);
    socket.send(patient.naming(head, named.blob));
    await socket.untilAcked(1);
    const heal = await later(pair, LIMITS.uploadMs - HOUR);
    await alarmComes(stub);
    expect((await fileKeys(pair)).length).toBe(2);
    await heal();
    await later(pair, LIMITS.uploadMs + HOUR);
    for (const _ of [1, 2]) await alarmComes(stub);
    expect(await fileKeys(pair)).toEqual([named.key]);
    const part = env.BLOBS.resumeMultipartUpload(abandoned.key, upload ?? "");
    await expect(part.uploadPart(1, new Uint8Array(10))).rejects.toThrow("10024");
    for (const file of [unnamed, abandoned]) {
      expect(await file.begin()).toBe("blob_gone");
      expect(await file.part(1)).toBe("blob_gone");
      expect(await file.finish()).toBe("blob_gone");
      expect(await file.cancel()).toBe("ok");
    }
    expect(await registered(pair)).toBe(1_000);
  });

  test("A6 the alarm comes by itself while anything is due, through evictions and failures of R2", async () => {
    const pair = await seedPair();
    const { stub, patient } = pair;
    const file = new TestUpload(patient, pair, TWO_PARTS);
    expect(await file.begin()).toBe("ok");
    expect(await file.part(2)).toBe("ok");
    const heal = await withDeps(pair, ({ blobs }) => ({
      blobs: {
        ...blobs,
        abort: () => Promise.reject(new Error("R2 is away")),
        delete: () => Promise.reject(new Error("R2 is away")),
      },
    }));
    expect(await file.cancel()).toBe("ok");
    await alarmComes(stub);
    expect((await file.row())?.phase).toBe("ended");
    const alarm = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
    expect(alarm).not.toBeNull();
    await heal();
    await evictDurableObject(stub);
    await vi.waitFor(async () => expect((await file.row())?.phase).toBe("removed"), 20_000);
    expect((await counted(pair)).held).toBe(0);
  });
});

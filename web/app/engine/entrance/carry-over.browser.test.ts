import { afterEach, describe, expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { STORES } from "../../../platform/database.ts";
import { dropDevice } from "./carry-over.ts";
import {
  begin,
  flush,
  open,
  openTabElsewhere,
  owner,
  patient,
  scene,
  settle,
  takeTail,
  waiting,
  withNewDevice,
  writeOn,
} from "./carry-over.test-kit.ts";
import { changeKept } from "../conversation/keep.ts";
import { draftKeyOf, localDraft } from "../private/local-drafts.ts";
import { IDENTITY_KEY } from "../account/identity.ts";
import { PREPARED_KEY, preparedRecord } from "../account/prepared-manifest.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { identityRecord } from "../store/records.ts";

afterEach(forgetDevice);

describe("K13: the same account signs in again on this device", () => {
  test("A4, M6: what was not sent goes out exactly once, in order, and what had arrived does not go again", async () => {
    const { server, served, tab } = await scene();
    await writeOn(server);
    const next = await withNewDevice();
    await begin(tab.deps.store, next);
    const here = await open(next, served);
    expect(await waiting(here)).toEqual(["arrived:unanswered", "lost:unanswered", "later:queued"]);
    await takeTail(here, next, served);
    await flush(here, server);
    expect(await waiting(here)).toEqual([]);

    const texts = ["arrived", "four", "five", "six", "lost", "later"];
    expect((await here.shown()).slice(-texts.length)).toEqual(texts);
    expect((await here.record()).blocked).toBeNull();
    // Somebody else reads the same: nothing twice, nothing missing.
    const other = await openTabElsewhere(served, next);
    expect((await other.shown()).slice(-texts.length)).toEqual(texts);
  });

  test("M6: while it cannot be told whether it arrived, nothing of it is sent", async () => {
    const { server, served, tab } = await scene();
    await writeOn(server);
    const next = await withNewDevice();
    await begin(tab.deps.store, next);
    const here = await open(next, served);
    await takeTail(here, next, served);
    const unreachable = new ProtocolError("unavailable");
    const older = () => Promise.reject(unreachable);
    await expect(settle(here, { ...here.catchUp, older })).rejects.toBe(unreachable);
    expect(await here.outbox.assign(here.id, 9)).toEqual([]);
    expect(await waiting(here)).toEqual(["arrived:unanswered", "lost:unanswered", "later:queued"]);
  });

  test("A1: a sign-in that begins again, or a device that never came to be, costs nothing", async () => {
    const { tab } = await scene();
    const { store } = tab.deps;
    await store.write(["state"], (writer) =>
      writer.put("state", draftKeyOf(tab.id), localDraft, {
        text: "half a sentence",
        at: 1,
        known: 0,
      }),
    );
    await begin(store, await withNewDevice());
    await begin(store, await withNewDevice());
    await dropDevice(store);
    expect(await store.read("state", IDENTITY_KEY, identityRecord)).toBeNull();
    expect(await store.read("state", PREPARED_KEY, preparedRecord)).toBeNull();
    await begin(store, await withNewDevice());
    expect((await waiting(tab)).length).toBe(3);
    // The place from which the log has to be read is the first device's, which had read so far, and so is the chain.
    const [first] = await tab.outbox.entries(tab.id);
    const sent = { device: owner.device.id, deviceSeq: 1 };
    expect(first?.entry.state).toMatchObject({ state: "unanswered", after: 5, sent });
    expect((await store.read("state", draftKeyOf(tab.id), localDraft))?.text).toBe(
      "half a sentence",
    );
  });

  test("K9: a flag that no other device knows yet is carried as well, everything else is not", async () => {
    const { tab } = await scene();
    const { store } = tab.deps;
    await changeKept(store, tab.id, (kept) => ({
      ...kept,
      flags: { ...kept.flags, pinned: true },
      flagsPending: ["pinned"],
    }));
    await begin(store, await withNewDevice());
    const after = await tab.record();
    expect(after).toMatchObject({ cursor: 0, head: -1, tips: {}, flagsPending: ["pinned"] });
    expect(after.own).toEqual({ deviceSeq: 0, digest: null });
    expect(await tab.db.getAllKeys("messages")).toEqual([]);
    expect(await tab.db.getAllKeys("bundles")).toEqual([]);
  });
});

test("M5, K13: what the server is still to be asked to remove is asked for by the account's next device", async () => {
  const { tab, served } = await scene();
  const { store } = tab.deps;
  await store.write(["outbox"], (writer) => writer.clear("outbox"));
  const deletionsDue = [{ seq: 4, deletion: 5 }];
  await changeKept(store, tab.id, (kept) => ({ ...kept, outbox: [], deletionsDue }));
  const next = await withNewDevice();
  await begin(store, next);
  const asked: unknown[] = [];
  const here = await open(next, { ...served, deletions: (body) => asked.push(body) });
  await takeTail(here, next, served);
  await flush(here, served.server);
  expect(asked).toEqual([{ seq: 4, deletion: 5 }]);
  expect((await here.record()).deletionsDue).toEqual([]);
});

test("K8: another account that signs in finds nothing of the former one", async () => {
  const { tab } = await scene();
  await tab.deps.store.write(["state"], (writer) =>
    writer.put("state", draftKeyOf(tab.id), localDraft, {
      text: "half a sentence",
      at: 1,
      known: 0,
    }),
  );
  await begin(tab.deps.store, patient);
  for (const name of STORES) {
    expect(await tab.db.getAllKeys(name)).toEqual(
      name === "state" ? [IDENTITY_KEY, PREPARED_KEY] : [],
    );
  }
});

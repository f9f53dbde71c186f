import { afterEach, expect, test, vi } from "vitest";
import { MAX_EXCEPT } from "../../../core/receipts/payload.ts";
import { openReceipt } from "../../../core/receipts/open.ts";
import { epochOf, senderOf, write } from "../../../core/messages/room.test-kit.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import { NOW } from "../../../core/people.test-kit.ts";
import { DEFAULT_PREFERENCES } from "../../../core/private-state/preferences.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Tab, logOf, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { createReceipts } from "./receipts.ts";
import { changeKept } from "../conversation/keep.ts";
import { NO_RECEIPT, type ReadingRecord } from "../store/records.ts";

const { room } = await newTalk("engine receipts of opened places");
const { owner, patient, together, context, suite } = room;
let tab: Tab;

afterEach(forgetDevice);

/** What the owner wrote before the patient came: places 2 on, which open with the join that follows them. */
async function scene(count: number) {
  const server = new Server();
  server.bundle(room.created.upload);
  let tip: ReturnType<typeof write> | null = null;
  for (let i = 0; i < count; i++) {
    tip = write(room, owner, `early ${i}`, tip);
    server.envelope(await sealEnvelope(suite.random, senderOf(owner), epochOf(room.alone), tip));
  }
  server.bundle(room.joined.upload);
  const served = { server, people: [owner] };
  tab = await openTab(patient, together.id, served);
  const said: Uint8Array[] = [];
  const receipts = createReceipts({
    deps: tab.deps,
    library: tab.library,
    directory: tab.directory,
    me: tab.me,
    preferences: { current: () => DEFAULT_PREFERENCES },
    say(_, frame) {
      if (frame.t === "receipt") said.push(frame.receipt);
      return true;
    },
    changed: () => undefined,
  });
  const items = logOf(served, patient);
  await tab.receiver.forward(tab.id, items.slice(0, -1), "live");
  expect(await tab.record()).toMatchObject({ retryable: count });
  const read = (readSeq: number, receipt: ReadingRecord["receipt"] = NO_RECEIPT) =>
    changeKept(tab.deps.store, tab.id, (now) => ({ ...now, readSeq, receipt }));
  const join = async () => {
    await tab.receiver.forward(tab.id, items.slice(-1), "live");
    expect(await tab.record()).toMatchObject({ retryable: 0 });
    receipts.flush(tab.id);
  };
  return { said, receipts, read, join };
}

const says = async (bytes: Uint8Array | undefined) => {
  const result = bytes && (await openReceipt(context, bytes));
  if (!result?.ok) throw new RangeError(result ? result.problem : "no receipt");
  const { seq, except } = result.reading;
  return { seq, except };
};

test("M9, M10 more places than a receipt can name open where the reader has been: all are told as read", async () => {
  const count = MAX_EXCEPT + 4;
  const { said, receipts, read, join } = await scene(count);
  await read(count + 1);
  await join();
  expect((await tab.record()).receipt.due).toEqual({ seq: count + 1, at: NOW });
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 5_000 });
  expect(await says(said[0])).toEqual({ seq: count + 1, except: [] });
  receipts.close();
});

test("M9, M10 a place that was told as not read is told as read when it opens", async () => {
  const { said, receipts, read, join } = await scene(2);
  await read(3, { counter: 4, told: { seq: 3, except: [2] }, due: null });
  await join();
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 5_000 });
  expect(await says(said[0])).toEqual({ seq: 3, except: [] });
  receipts.close();
});

test("M9, M10 what opens where the reader has not been is not told as read", async () => {
  const { said, receipts, read, join } = await scene(2);
  await read(2);
  await join();
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 5_000 });
  expect(await says(said[0])).toEqual({ seq: 2, except: [] });
  receipts.close();
});

test("M9, M10 where nobody has read anything, nothing is told", async () => {
  const { receipts, join } = await scene(1);
  await join();
  expect((await tab.record()).receipt.due).toBeNull();
  receipts.close();
});

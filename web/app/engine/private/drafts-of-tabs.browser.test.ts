import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConversationId, conversationIdText } from "../../../../workers/protocol/ids.ts";
import type { DraftOffer } from "../../drafts-view.ts";
import { loadDrafts } from "./drafts.ts";
import { forgetDevice, random } from "../store/local-store.test-kit.ts";
import { privateState } from "./private-state.test-kit.ts";

const a = conversationIdText(random.bytes(32));
let server: ReturnType<typeof privateState>;
let closing: (() => void)[];

beforeEach(() => {
  server = privateState();
  closing = [];
});

afterEach(async () => {
  for (const close of closing) close();
  await forgetDevice();
});

/** A tab beside those that are open: all have one store, and each what it read of it. */
async function tab() {
  const offers: DraftOffer[] = [];
  const { deps, privateRecords } = await server.start(true);
  const drafts = await loadDrafts(
    deps,
    privateRecords,
    () => undefined,
    (offer) => void offers.push(offer),
  );
  closing.push(() => drafts.close());
  return { deps, privateRecords, drafts, offers };
}
type Tab = Awaited<ReturnType<typeof tab>>;

async function type({ drafts }: Tab, id: ConversationId, text: string): Promise<void> {
  const { at } = await drafts.kept(id);
  server.state.now += 1_000;
  await drafts.save(id, { text, seen: at });
}

/** As a message leaves: in the transaction that stores it. */
async function send(from: Tab, id: ConversationId, text: string, seen: number): Promise<void> {
  server.state.now += 1_000;
  await from.deps.store.write(["state"], from.drafts.left(id, { text: "", seen }, text));
}

/** What its page was told stands in the box now; that the account has what stands there is no news to it. */
const newToIt = ({ offers }: Tab): DraftOffer[] =>
  offers.filter(({ text, before }) => text !== before);

const heldText = async (): Promise<string> => {
  const { privateRecords, drafts } = await tab();
  await privateRecords.sync();
  return (await drafts.kept(a)).text;
};

describe("K9: a draft and the engines of one device", () => {
  it("one that another engine gave away after this one had started is the account's newest", async () => {
    const first = await tab();
    await type(first, a, "sent long ago");
    await first.drafts.flush();
    const second = await tab();
    await type(first, a, "typed since");
    await first.drafts.flush();
    server.state.online = false;
    // Nothing of it waits here any more: what this tab read when it started is not what stands there now.
    expect((await second.drafts.kept(a)).text).toBe("typed since");
  });

  it("a message that leaves while the private state is being fetched does not come back to its box", async () => {
    const first = await tab();
    await type(first, a, "then 4");
    await first.drafts.flush();
    const second = await tab();
    await second.privateRecords.sync();
    const { text, at } = await second.drafts.kept(a);
    const synced = second.drafts.sync();
    await send(second, a, text, at);
    await synced;
    await second.drafts.sync();
    expect(newToIt(second)).toEqual([]);
    expect((await second.drafts.kept(a)).text).toBe("");
  });

  it("a sync that began before a message left offers nothing that it took along", async () => {
    const first = await tab();
    await type(first, a, "then 4");
    const second = await tab();
    const { text, at } = await second.drafts.kept(a);
    await first.drafts.flush();
    await second.privateRecords.sync();
    // It reads what waits here, which is nothing, and only then the message leaves.
    const synced = second.drafts.sync();
    const sent = send(second, a, text, at);
    await Promise.all([synced, sent]);
    expect(newToIt(second)).toEqual([]);
  });

  it("a text that an ended engine gave away while its message left is no stranger's", async () => {
    const first = await tab();
    await type(first, a, "on its way twice");
    const second = await tab();
    server.state.online = false;
    const { text, at } = await second.drafts.kept(a);
    await expect.poll(() => server.state.refused).toBe(1);
    server.state.online = true;
    // The other engine completes: the record that knew whose it was goes with it.
    await first.drafts.flush();
    await send(second, a, text, at);
    await second.drafts.flush();
    expect(newToIt(second)).toEqual([]);
    expect(await heldText()).toBe("");
  });

  it("what another tab typed apart is joined all the same", async () => {
    const first = await tab();
    const second = await tab();
    await type(first, a, "in the first");
    await first.drafts.flush();
    await second.drafts.save(a, { text: "in the second", seen: 0 });
    await second.drafts.flush();
    expect(await heldText()).toBe("in the first\nin the second");
  });
});

describe("K9: private records and the engines of one device", () => {
  it("an older answer that comes late does not take the place of a newer one in the store", async () => {
    const first = await tab();
    await type(first, a, "one");
    const late = await tab();
    // The late tab's write arrives, and the answer to it is slower than the other tab's whole next write.
    server.state.afterPut = async () => {
      server.state.afterPut = () => Promise.resolve();
      await first.privateRecords.sync();
      await type(first, a, "one and two");
      await first.drafts.flush();
    };
    await late.drafts.flush();
    expect((await tab()).drafts.preview(a)).toBe("one and two");
  });
});

import { describe, expect, test } from "vitest";
import type { LogItem } from "../../../workers/protocol/frames.ts";
import { acceptBuilt, inviteToConversation } from "../conversation/changes.ts";
import { inviteKeys, newInviteSecret, pendingEntry } from "../invitation/keys.ts";
import { epochOf, senderOf, write } from "../messages/room.test-kit.ts";
import { sealEnvelope } from "../messages/seal.ts";
import { NOW, authorOf, deliver, flipped, newestOf } from "../people.test-kit.ts";
import { Reader, Server, newTalk, reasons } from "./server.test-kit.ts";

const talk = await newTalk("malicious order");
const { room, sealed, messages } = talk;
const { owner, patient, suite, alone, together, created, joined } = room;

/** Bundle 2, and a message sealed under it. */
const next = await inviteToConversation(
  suite,
  authorOf(owner),
  together,
  newestOf(patient),
  pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW),
  NOW,
);
const rotated = acceptBuilt(together, next);
const underNext = await sealEnvelope(
  suite.random,
  senderOf(patient),
  epochOf(rotated),
  write(room, patient, "four", messages[2] ?? null),
);

/** The honest log, with whatever the adversary does to it. */
function served(change: (server: Server) => void) {
  const server = new Server();
  server.entries = [...talk.server.entries];
  change(server);
  return talk.reader().take(server.page(owner.account));
}

describe("I5, M7 bundles first, then envelopes, each as of its own place", async () => {
  // What the owner wrote before the patient joined: its key comes with the grant of the join.
  const early = write(room, owner, "before you came");
  const earlier = await sealEnvelope(suite.random, senderOf(owner), epochOf(alone), early);
  const page = (change: (items: LogItem[]) => LogItem[] = (items) => items) => {
    const server = new Server();
    server.bundle(created.upload);
    server.envelope(earlier);
    server.bundle(joined.upload);
    for (const envelope of sealed) server.envelope(envelope);
    return new Reader(together.id, patient, owner).take(change(server.page(patient.account)));
  };

  test("I5 a grant in a later bundle of the page opens an earlier envelope (positive control)", async () => {
    const all = await page();
    expect([reasons(all), all.stopped]).toEqual([[], null]);
    expect(all.verdicts).toEqual(["new", "new", "new", "new"]);
  });

  test("I5, M9 a grant that comes in a later page leaves a placeholder that opens when it is tried again", async () => {
    const reader = new Reader(together.id, patient, owner);
    const server = new Server();
    server.bundle(created.upload);
    server.envelope(earlier);
    server.bundle(joined.upload);
    const [first, message, join] = server.page(patient.account);
    if (!first || !message || !join) throw new RangeError("no page");
    expect(reasons(await reader.take([first, message]))).toEqual(["no_key"]);
    expect((await reader.take([join])).stopped).toBeNull();
    expect((await reader.take([message])).verdicts).toEqual(["new"]);
  });

  test("C4 a bundle that is refused opens nothing, and nothing after it counts", async () => {
    const bad = await page((items) =>
      items.map((item) =>
        item.seq === 3 && "bundle" in item
          ? { ...item, bundle: { ...item.bundle, signature: flipped(item.bundle.signature) } }
          : item,
      ),
    );
    expect(bad.stopped?.error.code).toBe("bundle_refused");
    expect([reasons(bad), bad.envelopes.length]).toEqual([["no_key"], 1]);
  });

  test("I5 a grant taken off the bundle leaves a placeholder, and the chain stands", async () => {
    const bare = await page((items) =>
      items.map((item) =>
        "bundle" in item ? { ...item, bundle: { ...item.bundle, grants: [] } } : item,
      ),
    );
    expect([reasons(bare), bare.stopped]).toEqual([["no_key"], null]);
  });

  test("M7 the key of an earlier epoch opens nothing that is served after the bundle that ended it", async () => {
    const late = await page((items) => [...items, { seq: 7, at: 7, envelope: earlier }]);
    expect([reasons(late), late.verdicts.length]).toEqual([["stale_epoch"], 4]);
  });

  test("M7 an envelope of a later epoch served before its bundle is not taken, though the bundle is known", async () => {
    const before = await served((server) => {
      server.envelope(underNext);
      server.bundle(next.upload);
    });
    expect([reasons(before), before.verdicts.length]).toEqual([["stale_epoch"], 4]);
    const right = await served((server) => {
      server.bundle(next.upload);
      server.envelope(underNext);
    });
    expect([reasons(right), right.verdicts.at(-1)]).toEqual([[], "new"]);
  });

  test("M7 an envelope moved behind the next bundle is quarantined, not shown", async () => {
    const late = await served((server) => {
      server.bundle(next.upload);
      server.envelope(sealed[2] ?? new Uint8Array());
    });
    expect(reasons(late)).toEqual(["stale_epoch"]);
  });
});

describe("M7 the places of bundles", () => {
  const items = (...seqs: number[]): LogItem[] =>
    seqs.map((seq) => ({ seq, at: 1, bundle: deliver(next.upload, owner.account) }));
  const held = async () => {
    const reader = talk.reader();
    await reader.take(talk.server.page(owner.account));
    return reader;
  };

  test("M7, K13 with later bundles known already, older history is judged by its own place", async () => {
    const reader = talk.reader();
    reader.chain = { conversation: rotated, seqs: [1, 2, 7] };
    const all = await reader.take([...talk.server.page(owner.account), ...items(7)]);
    expect([all.verdicts, reasons(all)]).toEqual([["new", "new", "new", "new"], []]);
    expect(all.bundles.map(({ checked }) => checked.core.n)).toEqual([0, 1, 2]);
    expect(all.chain.seqs).toEqual([1, 2, 7]);
  });

  test("C5 the same bundle at its place again changes nothing; elsewhere it is refused", async () => {
    const reader = await held();
    expect((await reader.take(items(7))).stopped).toBeNull();
    const again = await reader.take(items(7));
    expect([again.stopped, again.chain.seqs]).toEqual([null, [1, 2, 7]]);
    for (const [seq, code] of [
      [6, "bundle_refused"],
      [8, "bundle_refused"],
      [2, "bundle_forked"],
    ] as const) {
      const moved = await reader.take(items(seq));
      expect([moved.stopped?.error.code, moved.chain.seqs]).toEqual([code, [1, 2, 7]]);
    }
  });

  test("C5 a bundle before the one that it follows is refused, whatever came first", async () => {
    for (const seq of [1, 2]) {
      const reader = await held();
      const moved = await reader.take(items(seq));
      expect([moved.stopped?.error.code, moved.chain.seqs]).toEqual(["bundle_forked", [1, 2]]);
    }
    const shuffled = talk.reader();
    const all = await shuffled.take([...items(7), ...talk.server.page(owner.account)].reverse());
    expect([all.stopped, all.chain.seqs]).toEqual([null, [1, 2, 7]]);
  });
});

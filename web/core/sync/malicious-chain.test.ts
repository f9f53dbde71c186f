import { describe, expect, test } from "vitest";
import { acceptBuilt, createConversation, inviteToConversation } from "../conversation/changes.ts";
import { newCare } from "../conversation/care.test-kit.ts";
import { inviteKeys, newInviteSecret, pendingEntry } from "../invitation/keys.ts";
import { epochOf, resigned, senderOf, write } from "../messages/room.test-kit.ts";
import { sealEnvelope } from "../messages/seal.ts";
import { NOW, authorOf, newestOf } from "../people.test-kit.ts";
import { Reader, Server, newTalk, reasons, verdicts } from "./server.test-kit.ts";

const talk = await newTalk("malicious chain");
const { room, sealed, messages } = talk;
const { owner, patient, suite, together } = room;

/** The honest log, with whatever the adversary does to it. */
function served(change: (server: Server) => void = () => undefined) {
  const server = new Server();
  server.entries = [...talk.server.entries];
  change(server);
  return talk.reader().take(server.page(owner.account));
}

describe("M7 what was the newest bundle before a seq", () => {
  test("M7, K13 with later bundles known already, older history is judged by its own place", async () => {
    const entry = pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW);
    const next = await inviteToConversation(
      suite,
      authorOf(owner),
      together,
      newestOf(patient),
      entry,
      NOW,
    );
    const server = new Server();
    server.entries = [...talk.server.entries];
    server.bundle(next.upload);
    const reader = talk.reader();
    reader.conversation = acceptBuilt(together, next);
    reader.bundleSeqs = [1, 2, 7];
    const all = await reader.take(server.page(owner.account));
    expect([verdicts(all), reasons(all)]).toEqual([["new", "new", "new", "new"], []]);
    expect(all.bundles.map(({ checked }) => checked.core.n)).toEqual([0, 1, 2]);
    const unplaced = talk.reader();
    unplaced.conversation = acceptBuilt(together, next);
    unplaced.bundleSeqs = [1, 2, 3];
    const moved = await unplaced.take(server.page(owner.account));
    expect(reasons(moved)).toEqual(["stale_epoch", "stale_epoch", "stale_epoch"]);
  });

  test("C5 a bundle that is served again, elsewhere, changes nothing", async () => {
    const again = await served((server) => {
      server.bundle(room.created.upload);
      server.envelope(talk.sealed[0] ?? new Uint8Array());
    });
    expect([verdicts(again).at(-1), reasons(again), again.stopped]).toEqual([
      "duplicate",
      [],
      null,
    ]);
  });
});

describe("C3, C5 a server that rewrites the chain of bundles", () => {
  test("C5 swaps, drops or forks a bundle: the intake stops before it, typed", async () => {
    const other = await newCare("malicious, other");
    const dropped = await served((server) => server.entries.splice(1, 1));
    expect(dropped.messages).toEqual([]);
    expect(reasons(dropped)).toEqual(Array.from({ length: 4 }, () => "bundle_needed"));
    const swapped = await served((server) => {
      server.entries[1] = { at: 1, upload: other.joined.upload };
    });
    expect([swapped.stopped?.code, swapped.upTo, swapped.messages]).toEqual([
      "bundle_refused",
      1,
      [],
    ]);
    const foreign = await served((server) => {
      server.entries = [{ at: 0, upload: other.created.upload }];
    });
    expect(foreign.stopped?.code).toBe("manifest_needed");
    const skipped = await served((server) => server.entries.shift());
    expect([skipped.stopped?.code, skipped.upTo]).toEqual(["bundle_gap", 0]);
  });

  test("C1 serves another conversation of the same owner: nothing of it is taken", async () => {
    const entry = pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW);
    const other = await createConversation(suite, authorOf(owner), [entry], NOW);
    const swapped = await served((server) => {
      server.entries = [{ at: 0, upload: other.upload }];
    });
    expect([swapped.stopped?.code, swapped.conversation, swapped.upTo]).toEqual([
      "bundle_refused",
      null,
      0,
    ]);
  });

  test("M9 serves envelopes before any bundle: placeholders", async () => {
    const early = await served((server) => {
      server.entries = server.entries.slice(2);
    });
    expect(new Set(reasons(early))).toEqual(new Set(["bundle_needed"]));
  });

  test("C5 a second chain after the first is a fork", async () => {
    const entry = () => pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW);
    const build = () =>
      inviteToConversation(suite, authorOf(owner), together, newestOf(patient), entry(), NOW);
    const [mine, twin] = [await build(), await build()];
    const forked = await served((server) => {
      server.bundle(mine.upload);
      server.bundle(twin.upload);
    });
    expect(forked.stopped?.code).toBe("bundle_forked");
    expect(forked.upTo).toBe(7);
    // and an envelope under the twin's head, shown to one who holds mine
    const underTwin = await sealEnvelope(
      suite.random,
      senderOf(patient),
      epochOf(acceptBuilt(together, twin)),
      write(room, patient, "four", messages[2] ?? null),
    );
    const shown = await served((server) => {
      server.bundle(mine.upload);
      server.envelope(underTwin);
    });
    expect(reasons(shown)).toEqual(["fork"]);
  });

  test("C7 withholds a share or a seal: placeholders that are retried, the chain stands", async () => {
    const reader = talk.reader();
    const page = talk.server
      .page(owner.account)
      .map((item) =>
        "bundle" in item ? { ...item, bundle: { ...item.bundle, share: null } } : item,
      );
    const blind = await reader.take(page);
    expect(new Set(reasons(blind))).toEqual(new Set(["no_key"]));
    expect([blind.upTo, blind.stopped]).toEqual([6, null]);
  });

  test("C8 withholds a manifest: what is needed is said, and it is read once it is there", async () => {
    const alone = new Reader(together.id, owner);
    const stopped = await alone.take(talk.server.page(owner.account));
    expect([stopped.stopped?.code, stopped.upTo]).toEqual(["manifest_needed", 1]);
    expect(stopped.stopped?.need).toEqual({ account: patient.account, version: 1 });
    alone.people = [patient];
    const rest = await alone.take(talk.server.page(owner.account, 1));
    expect(verdicts(rest)).toEqual(["new", "new", "new", "new"]);
    const newer = await resigned(patient, sealed[0] ?? new Uint8Array(), ({ header }) => ({
      header: { ...header, manifestVersion: 4 },
    }));
    const ahead = await served((server) => server.envelope(newer));
    expect(ahead.needs).toEqual([{ account: patient.account, version: 4 }]);
  });
});

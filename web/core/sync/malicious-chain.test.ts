import { describe, expect, test } from "vitest";
import { acceptBuilt, createConversation, inviteToConversation } from "../conversation/changes.ts";
import { newCare } from "../conversation/care.test-kit.ts";
import { inviteKeys, newInviteSecret, pendingEntry } from "../invitation/keys.ts";
import { epochOf, resigned, senderOf, write } from "../messages/room.test-kit.ts";
import { sealEnvelope } from "../messages/seal.ts";
import { NOW, authorOf, contextOf, flipped, newestOf, readerOf } from "../people.test-kit.ts";
import { EMPTY_CHAIN } from "./bundle-chain.ts";
import { type VerifiedItems, receive } from "./receive.ts";
import { Reader, Server, newTalk, reasons } from "./server.test-kit.ts";

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

const stopOf = ({ stopped }: VerifiedItems) => stopped && [stopped.error.code, stopped.seq];

describe("C3, C5 a server that rewrites the chain of bundles", () => {
  test("C5 swaps, drops or forks a bundle: the intake stops before it, typed", async () => {
    const other = await newCare("malicious, other");
    const dropped = await served((server) => server.entries.splice(1, 1));
    expect(dropped.verdicts).toEqual([]);
    // The joiner cannot be known; the owner's own answer shows that a bundle is withheld.
    expect(reasons(dropped)).toEqual([
      "bundle_needed",
      "bundle_needed",
      "bundle_needed",
      "bundle_withheld",
    ]);
    const swapped = await served((server) => {
      server.entries[1] = { at: 1, upload: other.joined.upload };
    });
    expect(stopOf(swapped)).toEqual(["bundle_refused", 2]);
    expect([swapped.bundles.length, swapped.envelopes]).toEqual([1, []]);
    const foreign = await served((server) => {
      server.entries = [{ at: 0, upload: other.created.upload }];
    });
    expect(stopOf(foreign)).toEqual(["manifest_needed", 1]);
    const skipped = await served((server) => server.entries.shift());
    expect([stopOf(skipped), skipped.envelopes]).toEqual([["bundle_gap", 1], []]);
  });

  test("C1 serves another conversation of the same owner: nothing of it is taken", async () => {
    const entry = pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW);
    const other = await createConversation(suite, authorOf(owner), [entry], NOW);
    const swapped = await served((server) => {
      server.entries = [{ at: 0, upload: other.upload }];
    });
    expect([stopOf(swapped), swapped.chain.conversation]).toEqual([["bundle_refused", 1], null]);
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
    expect(stopOf(forked)).toEqual(["bundle_forked", 8]);
    expect(forked.bundles.map(({ seq }) => seq)).toEqual([1, 2, 7]);
    // The same without a signature that verifies proves nothing, and neither do bytes that are no lawful core.
    const unsigned = { ...twin.upload, signature: flipped(twin.upload.signature) };
    for (const upload of [unsigned, { ...mine.upload, core: flipped(mine.upload.core, 200) }]) {
      const injected = await served((server) => {
        server.bundle(mine.upload);
        server.bundle(upload);
      });
      expect(stopOf(injected)).toEqual(["bundle_refused", 8]);
    }
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
    // No manifest would make a fork readable.
    expect(shown.needs).toEqual([]);
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
    expect([blind.bundles.length, blind.stopped]).toEqual([2, null]);
  });

  test("C5, C7, E6 alters a share or a seal: as if it had not come, and it is told", async () => {
    const altered = (what: "share" | "seal") =>
      talk.server.page(owner.account).map((item) => {
        if (!("bundle" in item) || item.seq !== 2) return item;
        const { share, seals } = item.bundle;
        const bundle =
          what === "share"
            ? { ...item.bundle, share: share && flipped(share) }
            : { ...item.bundle, seals: seals.map((one) => ({ ...one, seal: flipped(one.seal) })) };
        return { ...item, bundle };
      });
    for (const what of ["share", "seal"] as const) {
      const reader = talk.reader();
      const taken = await reader.take(altered(what));
      expect([taken.unnamed, taken.stopped, taken.bundles.length]).toEqual([[what], null, 2]);
      expect(new Set(reasons(taken))).toEqual(new Set(["no_key"]));
      const right = await reader.take(talk.server.page(owner.account));
      expect([right.unnamed, reasons(right)]).toEqual([[], []]);
    }
  });

  test("C8 withholds a manifest: what is needed is said, and it is read once it is there", async () => {
    const alone = new Reader(together.id, owner);
    const stopped = await alone.take(talk.server.page(owner.account));
    expect([stopOf(stopped), stopped.envelopes]).toEqual([["manifest_needed", 2], []]);
    expect(stopped.stopped?.error.need).toEqual({ account: patient.account, version: 1 });
    alone.people = [patient];
    const rest = await alone.take(talk.server.page(owner.account, 1));
    expect(rest.verdicts).toEqual(["new", "new", "new", "new"]);
    const newer = await resigned(patient, sealed[0] ?? new Uint8Array(), ({ header }) => ({
      header: { ...header, manifestVersion: 4 },
    }));
    const newest = await resigned(patient, sealed[0] ?? new Uint8Array(), ({ header }) => ({
      header: { ...header, manifestVersion: 9 },
    }));
    const ahead = await served((server) => {
      for (const envelope of [newer, newest, newer]) server.envelope(envelope);
    });
    expect(ahead.needs).toEqual([{ account: patient.account, version: 9 }]);
  });

  test("a defect is no refusal: it is thrown, and nothing is believed", async () => {
    const [genesis] = talk.server.page(owner.account);
    const historyOf = (): never => {
      throw new TypeError("a defect");
    };
    const context = { ...contextOf(owner), historyOf, id: together.id, reader: readerOf(owner) };
    await expect(receive(context, EMPTY_CHAIN, genesis ? [genesis] : [])).rejects.toThrow(
      "a defect",
    );
  });
});

import { describe, expect, test } from "vitest";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { verifyHistory, headOf, pinOf } from "../account/history.ts";
import { newDevice } from "../account/device.ts";
import { acceptBuilt, inviteToConversation } from "../conversation/changes.ts";
import { inviteKeys, newInviteSecret, pendingEntry } from "../invitation/keys.ts";
import { epochOf, send, senderOf, write } from "../messages/room.test-kit.ts";
import { sealEnvelope } from "../messages/seal.ts";
import { NOW, authorOf, changed, codeOf, flipped, newestOf } from "../people.test-kit.ts";
import { nobleVerifier } from "../../../workers/protocol/signing.ts";
import { Server, newTalk, reasons, verdicts } from "./server.test-kit.ts";

const talk = await newTalk("malicious");
const { room, sealed, messages } = talk;
const { owner, patient, suite, together } = room;

/** The honest log, with whatever the adversary does to it. */
function served(change: (server: Server) => void = () => undefined) {
  const server = new Server();
  server.entries = [...talk.server.entries];
  change(server);
  return talk.reader().take(server.page(owner.account));
}

describe("M9, A5 a server that rewrites the log", () => {
  test("A5 an honest log is received whole (positive control)", async () => {
    const all = await served();
    expect(verdicts(all)).toEqual(["new", "new", "new", "new"]);
    expect([all.upTo, all.quarantined, all.stopped, all.needs, all.cloned]).toEqual([
      6,
      [],
      null,
      [],
      false,
    ]);
    const reader = talk.reader();
    for (const item of talk.server.page(owner.account)) await reader.take([item]);
    expect(reader.texts).toEqual(["one", "two", "three", "answer"]);
  });

  test("M6 replays: the same envelope again is a duplicate", async () => {
    const all = await served((server) => server.envelope(sealed[0] ?? new Uint8Array()));
    expect(verdicts(all)).toEqual(["new", "new", "new", "new", "duplicate"]);
    expect(all.cloned).toBe(false);
  });

  test("M6 drops: a hole is noticed, and the rest is read", async () => {
    const all = await served((server) => server.entries.splice(3, 1));
    expect(verdicts(all)).toEqual(["new", "hole", "new"]);
    const beheaded = await served((server) => server.entries.splice(2, 1));
    expect(beheaded.messages[0]?.verdict).toEqual({ kind: "hole", from: 1, to: 1 });
  });

  test("M6 reorders: what comes before its predecessor is a hole, then fits", async () => {
    const all = await served((server) => {
      const [a, b] = server.entries.splice(2, 2);
      if (a && b) server.entries.splice(2, 0, b, a);
    });
    expect(verdicts(all)).toEqual(["hole", "new", "new", "new"]);
    expect(all.quarantined).toEqual([]);
    const reader = talk.reader();
    const server = new Server();
    server.entries = [...talk.server.entries];
    const [first] = server.entries.splice(2, 1);
    if (first) server.entries.push(first);
    const late = await reader.take(server.page(owner.account));
    expect(late.messages.map(({ opened }) => opened.header.deviceSeq)).toEqual([2, 3, 1, 1]);
  });

  test("M9 injects: one placeholder each, the conversation lives on", async () => {
    const all = await served((server) => {
      server.envelope(new Uint8Array([1, 2, 3]));
      server.envelope(flipped(sealed[0] ?? new Uint8Array(), 400));
      server.envelope(encodeCbor({ hello: 1 }));
    });
    expect(verdicts(all)).toEqual(["new", "new", "new", "new"]);
    expect(reasons(all)).toHaveLength(3);
    expect([all.upTo, all.stopped]).toEqual([9, null]);
  });

  test("M6 forks a device: another message in a taken place is a fork", async () => {
    const twin = await send(room, patient, write(room, patient, "not one"));
    const all = await served((server) => server.envelope(twin));
    expect(verdicts(all)).toEqual(["new", "new", "new", "new", "fork"]);
    const chain = write(room, patient, "four", {
      deviceSeq: 3,
      digest: flipped(messages[2]?.digest ?? new Uint8Array(32)),
    });
    const loose = await send(room, patient, chain);
    const after = await served((server) => server.envelope(loose));
    expect(verdicts(after).at(-1)).toBe("fork");
    const right = await send(room, patient, write(room, patient, "four", messages[2] ?? null));
    expect(verdicts(await served((server) => server.envelope(right))).at(-1)).toBe("new");
  });

  test("M6 a message of the own device that it never wrote: cloned", async () => {
    const take = async (digestAt: (n: number) => Uint8Array | undefined) => {
      const reader = talk.reader();
      reader.own = { device: owner.device.id, digestAt };
      return reader.take(talk.server.page(owner.account));
    };
    expect((await take((n) => (n === 1 ? talk.answer.digest : undefined))).cloned).toBe(false);
    expect((await take(() => undefined)).cloned).toBe(true);
    expect((await take(() => messages[0]?.digest)).cloned).toBe(true);
  });

  test("M7 moves an envelope across a bundle: quarantined, not shown", async () => {
    const entry = pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW);
    const next = await inviteToConversation(
      suite,
      authorOf(owner),
      together,
      newestOf(patient),
      entry,
      NOW,
    );
    const late = await served((server) => {
      server.bundle(next.upload);
      server.envelope(sealed[2] ?? new Uint8Array());
    });
    expect(reasons(late)).toEqual(["stale_epoch"]);
    const state = acceptBuilt(together, next);
    const resealed = await sealEnvelope(
      suite.random,
      senderOf(patient),
      epochOf(state),
      write(room, patient, "four", messages[2] ?? null),
    );
    const good = await served((server) => {
      server.bundle(next.upload);
      server.envelope(resealed);
    });
    expect([reasons(good), verdicts(good).at(-1)]).toEqual([[], "new"]);
    const early = await served((server) => {
      server.entries.splice(2, 0, { at: 0, envelope: resealed });
    });
    expect(reasons(early)).toEqual(["bundle_needed"]);
  });
});

describe("K6 a server that rolls accounts back", () => {
  test("K6 an older chain, a fork, another account: refused; the honest one goes on", async () => {
    const two = await changed(suite, patient, { addDevice: newDevice(suite.random) });
    const twin = await changed(suite, patient, { addDevice: newDevice(suite.random) });
    const three = await changed(suite, two, { revokeDevices: [patient.device.id] });
    const pin = pinOf(two.history);
    const verify = (chain: typeof two.chain, known = false) =>
      codeOf(() =>
        verifyHistory(nobleVerifier, patient.account, chain, known ? two.history : null, pin),
      );
    expect(await verify(patient.chain)).toBe("manifest_lower");
    expect(await verify(twin.chain)).toBe("manifest_forked");
    expect(await verify(twin.chain, true)).toBe("manifest_forked");
    expect(await verify(owner.chain)).toBe("manifest_refused");
    expect([await verify(three.chain), await verify(three.chain, true)]).toEqual(["none", "none"]);
    expect(headOf(three.history).core.generation).toBe(2);
  });
});

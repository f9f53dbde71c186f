import { describe, expect, test } from "vitest";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { headOf, pinOf } from "../account/history.ts";
import { verifyHistory } from "../account/verify-history.ts";
import { newDevice } from "../account/device.ts";
import { send, write } from "../messages/room.test-kit.ts";
import { changed, codeOf, flipped } from "../people.test-kit.ts";
import { nobleVerifier } from "../../../workers/protocol/signing.ts";
import { Server, newTalk, reasons } from "./server.test-kit.ts";

const talk = await newTalk("malicious");
const { room, sealed, messages } = talk;
const { owner, patient, suite } = room;

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
    expect(all.verdicts).toEqual(["new", "new", "new", "new"]);
    expect([reasons(all), all.stopped, all.needs]).toEqual([[], null, []]);
    expect(all.bundles.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(all.envelopes.map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    const reader = talk.reader();
    for (const item of talk.server.page(owner.account)) await reader.take([item]);
    expect(reader.texts).toEqual(["one", "two", "three", "answer"]);
  });

  test("M6 replays: the same envelope again is a duplicate", async () => {
    const all = await served((server) => server.envelope(sealed[0] ?? new Uint8Array()));
    expect(all.verdicts).toEqual(["new", "new", "new", "new", "duplicate"]);
  });

  test("M6 drops: a hole is noticed, and the rest is read", async () => {
    const all = await served((server) => server.entries.splice(3, 1));
    expect(all.verdicts).toEqual(["new", "missing-before", "new"]);
    const beheaded = await served((server) => server.entries.splice(2, 1));
    expect(beheaded.verdicts).toEqual(["missing-before", "new", "new"]);
  });

  test("M6 reorders: what comes after its successor is neither a replay nor in order", async () => {
    const all = await served((server) => {
      const [a, b] = server.entries.splice(2, 2);
      if (a && b) server.entries.splice(2, 0, b, a);
    });
    expect(all.verdicts).toEqual(["missing-before", "fork", "new", "new"]);
    expect(reasons(all)).toEqual([]);
  });

  test("M9 injects: one placeholder each, the conversation lives on", async () => {
    const all = await served((server) => {
      server.envelope(new Uint8Array([1, 2, 3]));
      server.envelope(flipped(sealed[0] ?? new Uint8Array(), 400));
      server.envelope(encodeCbor({ hello: 1 }));
    });
    expect(all.verdicts).toEqual(["new", "new", "new", "new"]);
    expect(reasons(all)).toHaveLength(3);
    expect([all.envelopes.at(-1)?.seq, all.stopped]).toEqual([9, null]);
  });

  test("M6 forks a device: another message in a taken place is a fork", async () => {
    const twin = await send(room, patient, write(room, patient, "not one"));
    const all = await served((server) => server.envelope(twin));
    expect(all.verdicts).toEqual(["new", "new", "new", "new", "fork"]);
    const chain = write(room, patient, "four", {
      deviceSeq: 3,
      digest: flipped(messages[2]?.digest ?? new Uint8Array(32)),
    });
    const loose = await send(room, patient, chain);
    const after = await served((server) => server.envelope(loose));
    expect(after.verdicts.at(-1)).toBe("fork");
    const right = await send(room, patient, write(room, patient, "four", messages[2] ?? null));
    expect((await served((server) => server.envelope(right))).verdicts.at(-1)).toBe("new");
  });

  test("M6 a message of the own device that it never wrote: cloned", async () => {
    const take = async (digestAt: (n: number) => Uint8Array | undefined) => {
      const reader = talk.reader();
      reader.own = { device: owner.device.id, digestAt };
      return reader.take(talk.server.page(owner.account));
    };
    const honest = await take((n) => (n === 1 ? talk.answer.digest : undefined));
    expect(honest.verdicts).toEqual(["new", "new", "new", "own"]);
    expect((await take(() => undefined)).verdicts.at(-1)).toBe("cloned");
    expect((await take(() => messages[0]?.digest)).verdicts.at(-1)).toBe("cloned");
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

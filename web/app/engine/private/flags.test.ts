import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { C1, C2 } from "../../ids.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import { CONVERSATION_STORES, beginKeptIn } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import { createLibrary } from "../conversation/library.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { createFlags } from "./flags.ts";
import { privateState } from "./private-state.test-kit.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A device that keeps two conversations, and of which it is said when one of them changed. */
async function device(server = privateState()) {
  const { deps, privateRecords } = await server.over(memoryStore());
  await deps.store.write(CONVERSATION_STORES, async (writer) => {
    const begin = newConversation({ title: "Ana", owner: server.account, createdAt: 1 });
    for (const id of [C1, C2]) await beginKeptIn(writer, id, begin);
  });
  const me: Identity = {
    account: server.account,
    id: accountIdText(server.account),
    role: "practitioner",
    name: "",
    device: server.device,
    signer: await nobleEd25519.signer(server.device.signSeed),
    userKeys: server.userKeys,
  };
  const library = createLibrary(deps);
  const changed = vi.fn<(id: string) => void>();
  const flags = createFlags(deps, me, library, privateRecords, changed);
  const pending = async () =>
    [...(await library.records()).values()].map((record) => record.flagsPending);
  const connect = async () => {
    await privateRecords.sync();
    await flags.sync();
  };
  return { server, flags, changed, pending, connect };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test("K9 what was given away is not given again with what still waits", async () => {
  const { server, flags, pending } = await device();
  let puts = 0;
  server.state.beforePut = () => {
    // The second of two is lost on its way.
    puts += 1;
    return puts === 2 ? Promise.reject(new PlatformError("offline")) : Promise.resolve();
  };
  await flags.set([C1, C2], { pinned: true });
  await settle();
  expect([server.state.writes, await pending()]).toEqual([1, [[], ["pinned"]]]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect([server.state.writes, await pending()]).toEqual([2, [[], []]]);
  flags.close();
});

test("K9 what another device changed is told once, and nothing where nothing of it is new", async () => {
  const { server, flags } = await device();
  const other = await device(server);
  await flags.set([C1], { pinned: true });
  await settle();
  await other.connect();
  expect(other.changed.mock.calls).toEqual([[C1]]);
  await other.connect();
  expect(other.changed).toHaveBeenCalledTimes(1);
});

import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { type ConversationId, idBytes } from "../../../../workers/protocol/ids.ts";
import { newDevice } from "../../../core/account/device.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { newKemKey } from "../../../core/crypto/kem.ts";
import { privateKeys } from "../../../core/private-state/keys.ts";
import { PlatformError } from "../../../platform/problem.ts";
import type { Deps } from "../store/deps.ts";
import { closeStores, openStore, random } from "../store/local-store.test-kit.ts";
import type { Store } from "../store/store.ts";
import { loadPrivateRecords } from "./private-records.ts";

/** One account's private state on a server that can be out of reach, and a device of it in this browser. */
export function privateState() {
  const account = random.bytes(32);
  const userKeys = [newKemKey(random)];
  const records = new Map<string, { version: number; value: string }>();
  const state = {
    online: true,
    /** false: a write is taken, and who sent it never hears of it */
    answering: true,
    now: 1_000,
    writes: 0,
    /** how often somebody asked while it was out of reach */
    refused: 0,
    beforePut: () => Promise.resolve(),
    /** the server has it, and its answer is on its way */
    afterPut: () => Promise.resolve(),
  };

  /** The three routes of private state, as the server answers them. */
  async function answer(
    name: string,
    request: { params?: { key: string }; body?: unknown },
  ): Promise<unknown> {
    if (!state.online) {
      state.refused += 1;
      throw new PlatformError("offline");
    }
    const key = request.params?.key ?? "";
    if (name === "privatePage") {
      return { records: [...records].map(([id, record]) => ({ key: id, ...record })), next: null };
    }
    if (name === "privateRecord") {
      const held = records.get(key);
      if (!held) throw new ProtocolError("not_found");
      return { key, ...held };
    }
    await state.beforePut();
    const { version, value } = request.body as { version: number; value: string };
    if ((records.get(key)?.version ?? 0) !== version) throw new ProtocolError("stale_version");
    records.set(key, { version: version + 1, value });
    state.writes += 1;
    await state.afterPut();
    if (!state.answering) return new Promise(() => undefined);
    return { version: version + 1 };
  }

  /** A tab of a device whose store this is. */
  async function over(store: Store) {
    const deps: Deps = {
      store,
      suite: { random, ed25519: nobleEd25519 },
      now: () => state.now,
      api: { call: answer as unknown as Deps["api"]["call"] },
    };
    const privateRecords = await loadPrivateRecords(deps, privateKeys(account, userKeys));
    return { deps, privateRecords };
  }

  return {
    account,
    userKeys,
    records,
    state,
    device: newDevice(random),
    over,
    /** A start of the app: nothing but what the database holds. `beside`: another tab, and the open ones go on. */
    async start(beside = false) {
      if (!beside) closeStores();
      const { db, store, close } = await openStore();
      return { db, close, ...(await over(store)) };
    },
    /** A device elsewhere, level with the server: it writes drafts. */
    async otherDevice() {
      const store = {
        readAll: () => Promise.resolve([]),
        write: () => Promise.resolve(),
      };
      // Private records read and write nothing else here.
      const { privateRecords: far } = await over(store as unknown as Store);
      await far.sync();
      return {
        async put(id: ConversationId, text: string) {
          state.now += 1_000;
          const conversation = idBytes(id);
          await far.put({ kind: "draft", conversation, text, at: state.now });
        },
      };
    },
  };
}

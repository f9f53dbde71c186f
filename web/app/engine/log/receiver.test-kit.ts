import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import { readerOf } from "../../../core/people.test-kit.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept, keptOf } from "../conversation/keep.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { createLibrary } from "../conversation/library.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { messageRecord } from "../store/records.ts";
import { createReceiver } from "./receive.ts";

export const talk = await newTalk("receive in Node");
const { owner, patient, suite, together } = talk.room;
export const id = conversationIdText(together.id);
/** create, join, three messages of the patient, one of the owner's other device */
export const items = talk.server.page(owner.account);
/** Of the owner's account, and not the device that wrote the answer. */
export const here = new Uint8Array(32).fill(3);
export const patientDevice = toBase64url(patient.device.id);
export const FORK = { kind: "proof", code: "fork" } as const;

/** The owner's device with nothing but this of the conversation; `kept` null: nothing at all. */
export async function device(change: Partial<KeptConversation> | null = {}) {
  const store = memoryStore();
  const fresh = newConversation({ title: "Ana", owner: owner.account, createdAt: 1 });
  if (change) {
    const kept = { ...fresh, ...change };
    await store.write(CONVERSATION_STORES, (writer) => beginKeptIn(writer, id, kept));
  }
  const deps = { store, suite, now: () => 1 } as unknown as Deps;
  const library = createLibrary(deps);
  const historyOf = (account: Uint8Array) =>
    [owner, patient].find((one) => equalBytes(one.account, account))?.history;
  const none = () => Promise.resolve();
  let changes = 0;
  const receiver = createReceiver({
    deps,
    library,
    context: () => ({
      deps,
      directory: { historyOf, load: none, fetch: none },
      self: owner.account,
      reader: readerOf(owner),
    }),
    own: () => ({ account: owner.account, device: here }),
    changed: () => void changes++,
  });
  const span = { id, from: 0, to: 99 };
  return {
    store,
    receiver,
    now: () => keptOf(store, id),
    changes: () => changes,
    rows: async () =>
      (await store.readAll("messages", messageRecord, span))
        .map(({ key }) => Number(key[1]))
        .toSorted((a, b) => a - b),
    /** Another tab does this just before this one's next transaction. */
    beside(work: (kept: KeptConversation) => KeptConversation) {
      const { write } = store;
      Object.assign(store, {
        async write(...given: Parameters<typeof write>) {
          Object.assign(store, { write });
          await changeKept(store, id, work);
          return write(...given);
        },
      });
    },
    /** Another tab forgets the conversation just before this one's next transaction. */
    forgottenBeside() {
      const { write } = store;
      Object.assign(store, {
        async write(...given: Parameters<typeof write>) {
          Object.assign(store, { write });
          await write(CONVERSATION_STORES, (writer) => writer.delete("conversations", id));
          return write(...given);
        },
      });
    },
  };
}
export const at = (...seqs: number[]): LogItem[] => items.filter(({ seq }) => seqs.includes(seq));

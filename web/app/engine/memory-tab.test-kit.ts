import { nobleEd25519 } from "../../core/crypto/ed25519.ts";
import { NOW, type Person } from "../../core/people.test-kit.ts";
import { type Served, serverApi, tabOver } from "./device.test-kit.ts";
import type { Deps } from "./store/deps.ts";
import { random } from "./store/local-store.test-kit.ts";
import { memoryStore } from "./store/memory-store.test-kit.ts";

/** One tab of this person's device over a store in memory, for tests in Node. Its outbox does not work there. */
export function memoryTab(self: Person, conversation: Uint8Array, served: Served) {
  const deps: Deps = {
    store: memoryStore(),
    suite: { random, ed25519: nobleEd25519 },
    now: () => NOW,
    api: serverApi(self, served),
  };
  return tabOver(deps, self, conversation, served);
}

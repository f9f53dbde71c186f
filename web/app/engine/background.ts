import { privateKeys } from "../../core/private-state/keys.ts";
import { createClock } from "../../platform/clock.ts";
import { openDatabase } from "../../platform/database.ts";
import { createApi } from "../../platform/http.ts";
import { loadLocalKey } from "../../platform/local-key.ts";
import { platformSubtle } from "../../platform/subtle.ts";
import { createDelivery } from "./send/delivery.ts";
import type { Deps } from "./store/deps.ts";
import { ed25519Later } from "./chunks/ed25519-later.ts";
import { IDENTITY_KEY, restoreIdentity } from "./account/identity.ts";
import { loadPrivateRecords } from "./private/private-records.ts";
import { identityRecord } from "./store/records.ts";
import { renewingApi } from "./account/session.ts";
import { signingByClock } from "./account/signing-clock.ts";
import { createStore } from "./store/store.ts";
import { joinTabs } from "./store/tabs.ts";

/**
 * Sends what waits on this device with no page open (Background Sync), by HTTP and under the same locks as a tab,
 * so that nothing goes out twice (A4). Resolves with how many messages still wait, but for those with files, which only a
 * page sends; throws what the network throws.
 */
export async function sendInBackground(): Promise<number> {
  const tabs = joinTabs();
  const db = await openDatabase(() => undefined);
  let isOver = false;
  try {
    const random = {
      bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    };
    const store = createStore(db, await loadLocalKey(db), random, () => isOver);
    const record = await store.read("state", IDENTITY_KEY, identityRecord);
    if (!record?.bound) return 0;
    const clock = createClock(() => Date.now());
    const suite = { random, ed25519: signingByClock(ed25519Later(platformSubtle), clock) };
    const me = restoreIdentity(suite, record);
    // A device that may not act any more keeps what it has until somebody signs in.
    const api = renewingApi(
      createApi(clock),
      () => me,
      () => undefined,
    );
    const deps: Deps = { api, store, suite, now: () => clock.now() };
    const delivery = await createDelivery({
      deps,
      me,
      privateRecords: await loadPrivateRecords(deps, privateKeys(me.account, me.userKeys)),
      renew: () => api.renew(),
      changed: (id) => tabs.changed(id),
      // They are shown again to the next page that opens the conversation.
      receipts: () => Promise.resolve(),
      open: () => null,
    });
    return (await delivery.sendWaiting()) - (await delivery.filesWaiting());
  } finally {
    isOver = true;
    tabs.leave();
    db.close();
  }
}

import { restoreIdentity } from "../account/identity.ts";
import { PREPARED_KEY, preparedRecord } from "../account/prepared-manifest.ts";
import { bindSession } from "../account/session.ts";
import { settleDevice } from "../account/settle-device.ts";
import type { Deps } from "../store/deps.ts";
import type { IdentityRecord } from "../store/records.ts";
import { fetchManifests } from "../wire/manifest-pages.ts";
import { dropDevice } from "./carry-over.ts";
import { dropDraft } from "./entrance-draft.ts";
import { type SignedIn, ownName } from "./sign-in.ts";

/**
 * A1: a start that finds a device whose manifest was not pinned yet: it goes on where the server has that manifest, else
 * its keys are dropped, and null asks for a new gesture. Throws what leaves the question open.
 */
export async function goOn(
  deps: Deps,
  record: IdentityRecord,
): Promise<Pick<SignedIn, "identity" | "chain"> | null> {
  const { api, store, suite } = deps;
  const identity = restoreIdentity(suite, record);
  const prepared = await store.read("state", PREPARED_KEY, preparedRecord);
  const chain =
    prepared &&
    (await settleDevice(prepared, {
      bind: () => bindSession(api, identity),
      chain: () => fetchManifests(api, { own: true }, 1),
    }));
  if (!chain) {
    await dropDevice(store);
    return null;
  }
  // K10: the account that was being made is there.
  await dropDraft(store);
  // Of an account that was there before, the name comes once the session is bound.
  const name = identity.name || (await ownName(deps, identity));
  return { identity: { ...identity, name }, chain };
}

import { idBytes } from "../../../workers/protocol/ids.ts";
import { ProtocolError } from "../../../workers/protocol/errors.ts";
import { createClock } from "../../platform/clock.ts";
import { STORES, eraseDatabase, openDatabase } from "../../platform/database.ts";
import { createApi } from "../../platform/http.ts";
import { loadLocalKey } from "../../platform/local-key.ts";
import { tellNetwork } from "../../platform/network.ts";
import { platformSubtle } from "../../platform/subtle.ts";
import type { CommandHandlers, EngineEvent } from "../rpc.ts";
import type { Me, StoreHealth } from "../view.ts";
import { attentionHandlers } from "./reading/attention.ts";
import type { Deps } from "./store/deps.ts";
import { draftHandlers } from "./private/draft-handlers.ts";
import { ed25519Later } from "./chunks/ed25519-later.ts";
import { type ManifestChain, entranceHandlers } from "./entrance/entrance-handlers.ts";
import { fileHandlers } from "./files/file-handlers.ts";
import { flagHandlers } from "./private/flags.ts";
import { IDENTITY_KEY, type Identity, keepIdentity, restoreIdentity } from "./account/identity.ts";
import { historyHandlers } from "./timeline/history-handlers.ts";
import { lazily } from "../../platform/lazily.ts";
import { createJoining } from "./membership/joining.ts";
import { CommandProblem, reportUnexpected } from "./store/problem-of.ts";
import { readingPlaceHandlers } from "./reading/reading-place.ts";
import { identityRecord } from "./store/records.ts";
import { renewingApi } from "./account/session.ts";
import { standAnew } from "./account/stand-anew.ts";
import { signingByClock } from "./account/signing-clock.ts";
import { createStore } from "./store/store.ts";
import { messageHandlers } from "./send/say.ts";
import { joinTabs } from "./store/tabs.ts";
import { templateHandlers } from "./private/templates.ts";
import { unsavedEditHandlers } from "./private/unsaved-edit.ts";
import { unstoredHandlers } from "./private/unstored.ts";
import { type ActiveDevice, openActiveDevice } from "./active-device.ts";

/** Opens the local store and gives the commands; `start` tells the page where this device stands. */
export async function createEngine(
  emit: (event: EngineEvent) => void,
): Promise<{ handlers: CommandHandlers; start: () => Promise<void> }> {
  const tabs = joinTabs();
  const db = await openDatabase(() => restart());
  const random = {
    bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  };
  let health: StoreHealth = "whole";
  const localKey = await loadLocalKey(db).catch(async () => {
    // Nothing that is stored opens any more: signing in brings it back.
    health = "lost";
    await eraseDatabase(db);
    return loadLocalKey(db);
  });
  const store = createStore(db, localKey, random);
  const clock = createClock(Date.now, (state) => emit({ type: "clock", ...state }));
  const suite = { random, ed25519: signingByClock(ed25519Later(platformSubtle), clock) };
  store.watchDamage(({ store: where, key }) => {
    if (where === "state" && key === IDENTITY_KEY) health = "lost";
  });
  let identity: Identity | null = null;
  let active: ActiveDevice | null = null;

  const bareApi = createApi(clock);
  const api = renewingApi(
    bareApi,
    () => identity,
    () => stop(),
  );
  const deps: Deps = { api, store, suite, now: () => clock.now() };
  const before: Deps = { ...deps, api: bareApi };
  const entrance = lazily(async () =>
    (await import("./entrance/entrance.ts")).createEntrance(before),
  );
  const practitioners = lazily(() => import("./membership/practitioners.ts"));

  const meOf = ({ id: account, role, name }: Identity): Me => ({ account, role, name });
  const working = (): ActiveDevice => {
    if (!active) throw new ProtocolError("unauthenticated");
    return active;
  };
  /** The device may not act any more: what is stored stays until somebody signs in. */
  const stop = (): void => {
    active?.close();
    active = null;
    emit({ type: "app", state: { phase: "signed-out" } });
  };
  const restart = (): void => {
    active?.close();
    active = null;
    identity = null;
    void start().catch(reportUnexpected);
  };
  tabs.onRestart(restart);

  const clear = (): Promise<void> =>
    store.write(STORES, async (writer) => {
      for (const name of STORES) await writer.clear(name);
    });

  const work = async (as: Identity, chain: ManifestChain | null): Promise<ActiveDevice> => {
    identity = as;
    active?.close();
    // Beside the first paint, which does not wait for it: sockets do, and so does the first message to be sent.
    void suite.ed25519.signer(as.device.signSeed).catch(reportUnexpected);
    const isOver = (): boolean => identity !== as;
    const opened = await openActiveDevice({
      deps: { ...deps, store: createStore(db, localKey, random, isOver) },
      me: as,
      origin: self.location.origin,
      tabs,
      renew: () => api.renew(),
      standing: standAnew(as, {
        isOver,
        stop,
        save: (next) => keepIdentity(store, next),
        work: (next) => work(next, null),
      }),
      emit,
      clock,
    });
    // Somebody signed out, or in, in another tab meanwhile.
    if (isOver()) {
      opened.close();
      return opened;
    }
    active = opened;
    if (chain) {
      // A1: pinned first; a start that comes between the two asks once more.
      await opened.directory.adopt(as.account, chain);
      if (!isOver()) await keepIdentity(store, as);
    }
    emit({ type: "app", state: { phase: "ready", me: meOf(as) } });
    return opened;
  };

  const leaving = lazily(() => import("./account/leave.ts"));
  const copies = lazily(() => import("../../platform/files/private-copies.ts"));
  const { join, resume } = createJoining(store);

  async function start(): Promise<void> {
    const record = await store.read("state", IDENTITY_KEY, identityRecord);
    if (health !== "whole") emit({ type: "store", health });
    if (!record) {
      emit({ type: "app", state: { phase: "signed-out" } });
      // A passkey's dialog has to open soon after the press that asks for it.
      return void entrance().catch(reportUnexpected);
    }
    const come = record.bound
      ? { identity: restoreIdentity(suite, record), chain: null }
      : await (await entrance()).goOn(record);
    if (!come) return emit({ type: "app", state: { phase: "signed-out" } });
    const device = await work(come.identity, come.chain);
    void resume(device);
  }

  const entered = async (as: Identity, chain: ManifestChain): Promise<ActiveDevice> => {
    const device = await work(as, chain);
    if (health !== "whole") emit({ type: "store", health: "mended" });
    health = "whole";
    tabs.restart();
    return device;
  };

  const messages = messageHandlers(working);
  const edits = unsavedEditHandlers(store, () => identity !== null);

  const handlers: CommandHandlers = {
    async network(online) {
      tellNetwork(online);
      active?.network(online);
      return null;
    },
    ...entranceHandlers({
      store,
      entrance,
      entered,
      madeRoom: () => emit({ type: "made-room" }),
      join,
      working,
      conversationOf: (device, owner) => device.conversationOf(owner),
      me: () => identity && meOf(identity),
    }),
    async signOut() {
      if (active && (await active.unsent()) > 0) throw new CommandProblem("unsent_messages");
      // A draft of the last seconds goes to the other devices; without network it is lost with the rest.
      await active?.drafts.flush().catch(reportUnexpected);
      if (active) {
        const { leaveAccount } = await leaving();
        await leaveAccount(deps, bareApi, active.me, active.directory);
      }
      active?.close();
      active = null;
      identity = null;
      await clear();
      const { removePrivateCopies } = await copies();
      await removePrivateCopies();
      tabs.restart();
      emit({ type: "app", state: { phase: "signed-out" } });
      return null;
    },
    invitePatient: async (label) => (await working().changes()).create(label.trim()),
    inviteAgain: async (id) => (await working().changes()).inviteAgain(id),
    async withdrawInvitation(id) {
      await (await working().changes()).withdraw(id);
      return null;
    },
    ...flagHandlers(() => working().flags),
    async openConversation(id) {
      await active?.openConversation(id);
      return null;
    },
    ...historyHandlers(() => working().timeline()),
    ...readingPlaceHandlers(store, () => active !== null),
    async markRead(seq) {
      await working().markRead(seq);
      return null;
    },
    ...messages,
    ...attentionHandlers(
      () => active?.attention,
      () => working().attention,
      () => active?.looked(),
    ),
    ...draftHandlers(
      deps,
      () => identity !== null,
      () => active?.drafts ?? null,
    ),
    ...edits,
    ...unstoredHandlers({
      deps,
      account: () => identity?.id ?? null,
      drafts: () => working().drafts,
      commands: { ...messages, ...edits },
    }),
    ...templateHandlers(deps, () => working().templates),
    async retry(id) {
      await working().retry(idBytes(id));
      return null;
    },
    async discard(id) {
      await working().discard(idBytes(id));
      return null;
    },
    ...fileHandlers(() => working().files()),
    async practitionerInvitations() {
      return (await practitioners()).practitionerInvitations(working().context);
    },
    async invitePractitioner(name) {
      const { invitePractitioner } = await practitioners();
      return { link: await invitePractitioner(working().context, name.trim()) };
    },
  };
  return { handlers, start };
}

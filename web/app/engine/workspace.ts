import { privateKeys } from "../../core/private-state/keys.ts";
import type { EngineEvent } from "../rpc.ts";
import { createCatchUp } from "./catch-up.ts";
import { watchConnection } from "./connection.ts";
import { type ChangeContext, createChanges } from "./changes.ts";
import type { Deps } from "./deps.ts";
import { createDirectory } from "./directory.ts";
import { loadDrafts } from "./drafts.ts";
import { createFlags } from "./flags.ts";
import { createFollower } from "./follow.ts";
import type { Identity } from "./identity.ts";
import { openInbox } from "./inbox.ts";
import { introduce } from "./introduce.ts";
import type { Held } from "./judge-state.ts";
import { createLibrary } from "./library.ts";
import { type OpenConversation, openConversation } from "./open-conversation.ts";
import { createOutbox } from "./outbox.ts";
import { loadPrivateRecords } from "./private-records.ts";
import { reportUnexpected } from "./problem-of.ts";
import { createPublished } from "./published.ts";
import { createReceiver } from "./receive.ts";
import { createSender } from "./send.ts";
import type { Draft } from "./records.ts";
import { targetAt } from "./say.ts";
import { countUnsent } from "./unsent.ts";
import type { Tabs } from "./tabs.ts";
import { createTemplates } from "./templates.ts";
import { settleUnanswered } from "./unanswered.ts";
import { exchange, Waiting } from "./wire.ts";

export type Workspace = Awaited<ReturnType<typeof openWorkspace>>;

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly origin: string;
  readonly tabs: Tabs;
  readonly renew: () => Promise<void>;
  readonly emit: (event: EngineEvent) => void;
}

/** Everything a signed-in device does. Paints from the local store first, then follows the server. */
export async function openWorkspace(around: Surroundings) {
  const { deps, me, emit, renew } = around;
  const privateRecords = await loadPrivateRecords(deps, privateKeys(me.account, me.userKeys));
  const directory = createDirectory(deps, privateRecords);
  await directory.load(me.account);
  const library = createLibrary(deps);
  const own = { account: me.account, device: me.device.id };
  let open: OpenConversation | null = null;

  const changedHere = (id: string): void => {
    if (id === wanted && !open) connect(id);
    published.changed(id);
    around.tabs.changed(id);
  };
  const receiver = createReceiver({
    deps,
    library,
    eyes: () => ({
      deps,
      directory,
      self: me.account,
      reader: { kind: "account", account: me.account, userKeys: me.userKeys },
    }),
    own: () => own,
    changed: changedHere,
  });
  const catchUp = createCatchUp(deps, library, receiver, changedHere);
  const outbox = createOutbox(deps, () => me, changedHere);
  const sender = createSender({
    deps,
    library,
    outbox,
    directory,
    me: () => me,
    renew,
    catchUp: (id) => catchUp.newer(id),
    settleUnanswered: (id) =>
      settleUnanswered({ deps, library, catchUp, outbox, me, changed: changedHere }, id),
    async transmit(id, messages) {
      const bySocket = open?.id === id ? open.transmit(messages) : null;
      if (bySocket) return bySocket;
      const waiting = new Waiting();
      const answers = messages.map(({ messageId }) => waiting.wait(messageId));
      const envelopes = messages.map(({ envelope }) => envelope);
      for (const frame of await exchange(deps.api, id, [{ t: "send", envelopes }])) {
        waiting.take(frame);
      }
      waiting.end();
      return Promise.all(answers);
    },
  });
  const context: ChangeContext = {
    deps,
    me,
    directory,
    library,
    catchUp,
    privateRecords,
    origin: around.origin,
    changed: changedHere,
  };
  const changes = createChanges(context);
  const drafts = await loadDrafts(deps, privateRecords, changedHere, (offer) =>
    emit({ type: "draft", offer }),
  );
  const templates = createTemplates(privateRecords, (list) =>
    emit({ type: "templates", templates: list }),
  );
  const published = createPublished({
    deps,
    me,
    library,
    directory,
    outbox,
    catchUp,
    link: (invitation) => changes.link(invitation),
    draftOf: (id) => drafts.preview(id),
    emit,
  });
  const flush = (id: string): void => void sender.flush(id);
  const level = async (id: string): Promise<void> => {
    await introduce(me, library, outbox, id);
    published.caughtUp(id);
    flush(id);
  };
  const follower = createFollower({
    deps,
    me,
    library,
    catchUp,
    privateRecords,
    isOpen: (id) => open?.id === id && open.welcomed(),
    changed: changedHere,
    level,
    tellRead: (id, seq) => inbox.read(id, seq),
  });
  const watch = watchConnection((connection) => emit({ type: "connection", connection }));
  const flags = createFlags(deps, me, library, privateRecords, changedHere);
  const inbox = openInbox({
    renew,
    activity: (id, row) => follower.activity(id, row),
    connected: (connected) => watch.connected(connected),
    async snapshot(rows) {
      // A refused record (K9) leaves a label or a flag as it was; messages do not wait for it.
      await privateRecords.sync().catch(reportUnexpected);
      await flags.sync().catch(reportUnexpected);
      await drafts.sync().catch(reportUnexpected);
      templates.show();
      await follower.snapshot(rows);
    },
  });
  const heldOf = async (id: string): Promise<Held | null> => {
    const record = await library.record(id);
    if (!record) return null;
    const entries = await outbox.entries(id);
    const waiting = entries.filter(({ entry }) => entry.state.state === "assigned").length;
    return { record, chain: await library.chain(id), waiting };
  };

  /** on screen; it may not be stored yet when a link leads to it on a new device */
  let wanted: string | null = null;
  const connect = (id: string): void => {
    open ??= openConversation(id, {
      library,
      receiver,
      catchUp,
      renew,
      held: heldOf,
      ready: () => void level(id).catch(reportUnexpected),
    });
  };

  const stopListening = around.tabs.listen((id) => published.changed(id));

  await published.all();
  templates.show();

  return {
    me,
    context,
    changes,
    flags,
    drafts,
    templates,
    privateRecords,
    directory,
    level,
    async openConversation(id: string | null): Promise<void> {
      open?.close();
      open = null;
      wanted = id;
      drafts.opened(id);
      await published.open(id);
      if (id !== null && (await library.record(id)) && wanted === id) connect(id);
    },
    loadOlder: () => published.older(),
    async markRead(seq: number): Promise<void> {
      const id = open?.id;
      if (!id) return;
      await follower.read(id, seq);
      inbox.read(id, seq);
    },
    /** Queued at once, and kept until the server has it. */
    async say(id: string, draft: Draft): Promise<void> {
      await outbox.add(id, draft);
      flush(id);
    },
    targetAt: (id: string, seq: number) => targetAt(deps.store, id, seq),
    async retry(messageId: Uint8Array): Promise<boolean> {
      const id = open?.id;
      const found = id !== undefined && (await outbox.retry(id, messageId));
      if (found) flush(id);
      return found;
    },
    discard: async (messageId: Uint8Array): Promise<boolean> =>
      open !== null && (await outbox.discard(open.id, messageId)),
    unsent: () => countUnsent(library, catchUp, sender),
    network(online: boolean): void {
      watch.network(online);
      if (online) {
        inbox.hurry();
        open?.hurry();
        return;
      }
      // An open WebSocket may not notice for minutes that its network is gone.
      inbox.cut();
      open?.cut();
    },
    close(): void {
      stopListening();
      watch.close();
      flags.close();
      drafts.close();
      published.close();
      open?.close();
      inbox.close();
    },
  };
}

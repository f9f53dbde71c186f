import { isShown } from "../../core/messages/content.ts";
import { privateKeys } from "../../core/private-state/keys.ts";
import type { Typed } from "../drafts-view.ts";
import type { EngineEvent } from "../rpc.ts";
import { createAttention } from "./reading/attention.ts";
import { watchConnection } from "./wire/connection.ts";
import type { ChangeContext } from "./membership/changes.ts";
import { createDelivery } from "./send/delivery.ts";
import type { Deps } from "./store/deps.ts";
import { loadDrafts } from "./private/drafts.ts";
import { createFlags } from "./private/flags.ts";
import { createFollower } from "./follow/follow.ts";
import type { Identity } from "./account/identity.ts";
import { openInbox } from "./follow/inbox.ts";
import { patientLink } from "./membership/invitation-links.ts";
import { introduce } from "./send/introduce.ts";
import type { Held } from "./log/judge-state.ts";
import { lazily } from "../../platform/lazily.ts";
import { type OpenConversation, openConversation } from "./follow/open-conversation.ts";
import { loadPrivateRecords } from "./private/private-records.ts";
import { reportUnexpected } from "./store/problem-of.ts";
import { createPublished } from "./timeline/published.ts";
import { followRecords } from "./private/record-news.ts";
import type { Draft } from "./store/records.ts";
import { type May, changeableAt, targetAt } from "./send/say.ts";
import type { Tabs } from "./store/tabs.ts";
import { createTemplates } from "./private/templates.ts";

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
  let open: OpenConversation | null = null;

  const shown = (id: string): void => {
    published.changed(id);
    activity.refresh(id);
  };
  const changedHere = (id: string): void => {
    if (id === wanted && !open) connect(id);
    shown(id);
    receipts.again(id).catch(reportUnexpected);
    around.tabs.changed(id);
  };
  const delivery = await createDelivery({
    deps,
    me,
    privateRecords,
    renew,
    changed: changedHere,
    receipts: (id, shown) => attention.receipts.take(id, shown),
    open: () => open,
  });
  const { directory, library, receiver, catchUp, outbox, sender } = delivery;
  const attention = await createAttention({
    deps,
    me,
    library,
    directory,
    privateRecords,
    tabs: around.tabs,
    emit,
    changed: changedHere,
    switched: () => open && published.changed(open.id),
    say: (id, frame) => open?.id === id && open.say(frame),
  });
  const { receipts, activity } = attention;
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
  const changes = lazily(async () =>
    (await import("./membership/changes.ts")).createChanges(context),
  );
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
    receipts: () => attention.preferences.current().receipts,
    link: ({ secret }) => patientLink(around.origin, me.account, secret),
    draftOf: (id) => drafts.preview(id),
    emit,
  });
  const flush = (id: string): void => void sender.flush(id);
  const level = async (id: string): Promise<void> => {
    await introduce(me, library, outbox, id);
    published.caughtUp(id);
    flush(id);
    receipts.flush(id);
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
  /** What other devices of the account left in private state (K9). */
  const adoptRecords = async (): Promise<void> => {
    await flags.sync();
    await attention.preferences.sync();
    await drafts.sync();
    templates.show();
  };
  const recordNews = followRecords(privateRecords, adoptRecords);
  const inbox = openInbox({
    renew,
    activity: (id, row) => follower.activity(id, row),
    record: recordNews.tell,
    connected: (connected) => watch.connected(connected),
    elsewhere: () => watch.elsewhere(),
    async snapshot(rows) {
      // A refused record (K9) leaves a label or a flag as it was; messages do not wait for it.
      await privateRecords.sync().catch(reportUnexpected);
      await adoptRecords().catch(reportUnexpected);
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
      receipts,
      activity,
      renew,
      elsewhere: () => watch.elsewhere(),
      connected: () => watch.back(),
      held: heldOf,
      ready: () => void level(id).catch(reportUnexpected),
    });
  };

  const stopListening = around.tabs.listen((id) => {
    published.changedElsewhere(id);
    activity.refresh(id);
  });

  await published.all();
  templates.show();

  return {
    me,
    context,
    changes,
    flags,
    attention,
    drafts,
    templates,
    privateRecords,
    directory,
    level,
    async openConversation(id: string | null): Promise<void> {
      open?.close();
      open = null;
      wanted = id;
      activity.opened(id);
      drafts.opened(id);
      await published.open(id);
      if (id !== null && (await library.record(id)) && wanted === id) connect(id);
    },
    timeline: () => published.timeline(),
    async markRead(seq: number): Promise<void> {
      // What is on screen may be read before its socket is there.
      const id = wanted;
      if (id === null) return;
      await receipts.read(id, seq);
      await follower.read(id, seq);
      inbox.read(id, seq);
    },
    /** Queued at once, and kept until the server has it. */
    async say(
      id: string,
      draft: Draft,
      how?: { key: string; left: Typed; text: string },
    ): Promise<void> {
      await outbox.add(
        id,
        draft,
        how && { key: how.key, also: drafts.left(id, how.left, how.text) },
      );
      // Who writes sees it: it comes at the end.
      const timeline = published.timeline();
      if (timeline?.id === id && isShown(draft)) void timeline.newest();
      flush(id);
    },
    targetAt: (id: string, seq: number, may: May) => targetAt(deps.store, id, seq, may),
    changeableAt: (id: string, seq: number, may: May) =>
      changeableAt(deps, id, seq, me.account, may),
    async retry(messageId: Uint8Array): Promise<boolean> {
      const id = open?.id;
      const found = id !== undefined && (await outbox.retry(id, messageId));
      if (found) flush(id);
      return found;
    },
    discard: async (messageId: Uint8Array): Promise<boolean> =>
      open !== null && (await outbox.discard(open.id, messageId)),
    /** Messages of this device that no server has, after one more attempt to send them. */
    unsent: () => delivery.sendWaiting(),
    /** A socket that waits or rests comes back at once. */
    looked(): void {
      inbox.hurry();
      open?.hurry();
    },
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
      recordNews.close();
      flags.close();
      attention.close();
      drafts.close();
      published.close();
      open?.close();
      inbox.close();
    },
  };
}

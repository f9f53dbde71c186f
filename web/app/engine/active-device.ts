import { type ConversationId, parseConversationId } from "../../../workers/protocol/ids.ts";
import { privateKeys } from "../../core/private-state/keys.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EngineEvent } from "../rpc.ts";
import { createAttention } from "./reading/attention.ts";
import { watchConnection } from "./wire/connection.ts";
import type { ChangeContext } from "./membership/changes.ts";
import { createDelivery } from "./send/delivery.ts";
import type { Deps } from "./store/deps.ts";
import { loadDrafts } from "./private/drafts.ts";
import { createFlags } from "./private/flags.ts";
import { createFollower } from "./follow/follow.ts";
import { filesLater } from "./files/files-later.ts";
import type { Identity } from "./account/identity.ts";
import { watchPeers } from "./account/watch-peers.ts";
import { type NewStanding, watchStanding } from "./account/watch-standing.ts";
import { openInbox } from "./follow/inbox.ts";
import { followInbox } from "./follow/inbox-news.ts";
import { patientLink } from "./membership/invitation-links.ts";
import { introduce } from "./send/introduce.ts";
import { baselineOf } from "./log/baseline.ts";
import { lazily } from "../../platform/lazily.ts";
import { type OpenConversation, openConversation } from "./follow/open-conversation.ts";
import { loadPrivateRecords } from "./private/private-records.ts";
import { reportUnexpected } from "./store/problem-of.ts";
import { createPublished } from "./timeline/published.ts";
import { adoptKnown } from "./private/known-conversations.ts";
import { createMender } from "./follow/mend.ts";
import { followRecords } from "./private/record-news.ts";
import { createWriting } from "./send/writing.ts";
import type { Tabs } from "./store/tabs.ts";
import { createTemplates } from "./private/templates.ts";

export type ActiveDevice = Awaited<ReturnType<typeof openActiveDevice>>;

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly origin: string;
  readonly tabs: Tabs;
  readonly renew: () => Promise<void>;
  /** K3: this device has other user keys now, or is live no more; whoever is told closes it */
  readonly standing: (standing: NewStanding) => Promise<void>;
  readonly emit: (event: EngineEvent) => void;
  /** hears the time of answers that have bytes */
  readonly clock: Pick<Clock, "heard">;
}

/** Everything a signed-in device does. Paints from the local store first, then follows the server. */
export async function openActiveDevice(around: Surroundings) {
  const { deps, me, emit, renew } = around;
  const privateRecords = await loadPrivateRecords(deps, privateKeys(me.account, me.userKeys));
  let open: OpenConversation | null = null;

  const shown = (id: ConversationId): void => {
    published.changed(id);
    activity.refresh(id);
    files.look(id);
  };
  // Where what is told comes from rooms whose ids are text still, it is parsed here.
  const changedHere = (told: string): void => {
    const id = parseConversationId(told);
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
  const flush = (id: ConversationId): void => {
    void sender.flush(id);
    files.look(id);
  };
  const files = filesLater({
    deps,
    clock: around.clock,
    library,
    outbox,
    renew,
    me,
    flush: (id) => void sender.flush(id),
    changed: changedHere,
    timeline: () => published.timeline(),
    tell: (transfer, isOver) => emit({ type: "transfer", transfer, isOver }),
  });
  const caughtUp = async (id: ConversationId): Promise<void> => {
    await introduce(me, library, outbox, id);
    published.caughtUp(id);
    flush(id);
    receipts.flush(id);
    const record = await library.record(id);
    const isOver =
      record?.invitation && record.members < 2 && record.invitation.expiry < deps.now();
    if (isOver) await (await changes()).withdrawExpired(id);
  };
  const follower = createFollower({
    deps,
    me,
    library,
    catchUp,
    privateRecords,
    isOpen: (id) => open?.id === id && open.welcomed(),
    changed: changedHere,
    caughtUp,
    tellRead: (id, seq) => inbox.read(id, seq),
  });
  const watch = watchConnection((connection) => emit({ type: "connection", connection }));
  const flags = createFlags(deps, me, library, privateRecords, changedHere);
  /** What other devices of the account left in private state (K9). */
  const adoptRecords = async (): Promise<void> => {
    await adoptKnown(deps, me, library, privateRecords, changedHere);
    await flags.sync();
    await attention.preferences.sync();
    await drafts.sync();
    templates.show();
  };
  const lookAtPeers = watchPeers({ deps, me, library, directory });
  const stands = watchStanding(deps, me, directory, around.standing);
  const mender = createMender({
    deps,
    me,
    library,
    directory,
    catchUp,
    privateRecords,
    changed: changedHere,
    tell: (health) => emit({ type: "store", health }),
  });
  const recordNews = followRecords(privateRecords, adoptRecords);
  const inbox = openInbox({
    renew,
    activity: (id, row) => follower.activity(id, row),
    record: recordNews.tell,
    connected: (connected) => watch.connected(connected),
    elsewhere: () => watch.elsewhere(),
    ...followInbox({ stands, privateRecords, adoptRecords, mender, follower }),
  });

  /** on screen; it may not be stored yet when a link leads to it on a new device */
  let wanted: ConversationId | null = null;
  const connect = (id: ConversationId): void => {
    open ??= openConversation(id, {
      library,
      receiver,
      catchUp,
      receipts,
      activity,
      renew,
      elsewhere: () => watch.elsewhere(),
      connected: () => watch.back(),
      baseline: (conversation) => baselineOf(deps, library, conversation),
      ready: () => void caughtUp(id).catch(reportUnexpected),
    });
  };

  const stopListening = around.tabs.listen((id) => {
    published.changedElsewhere(id);
    activity.refresh(id);
    files.look(id);
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
    caughtUp,
    async openConversation(id: ConversationId | null): Promise<void> {
      open?.close();
      open = null;
      wanted = id;
      activity.opened(id);
      drafts.opened(id);
      await published.open(id);
      if (id === null || !(await library.record(id)) || wanted !== id) return;
      connect(id);
      void lookAtPeers(id).catch(reportUnexpected);
    },
    files: () => files.open(),
    timeline: () => published.timeline(),
    async markRead(seq: number): Promise<void> {
      // What is on screen may be read before its socket is there.
      const id = wanted;
      if (id === null) return;
      await receipts.read(id, seq);
      await follower.read(id, seq);
      inbox.read(id, seq);
    },
    ...createWriting({
      deps,
      me,
      outbox,
      drafts,
      open: () => open?.id ?? null,
      timeline: () => published.timeline(),
      flush,
    }),
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
      files.close();
      watch.close();
      recordNews.close();
      mender.close();
      flags.close();
      attention.close();
      drafts.close();
      published.close();
      open?.close();
      inbox.close();
    },
  };
}

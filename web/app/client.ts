import type { ConversationId } from "../../workers/protocol/ids.ts";
import { computed, signal } from "@preact/signals";
import { askPersistence } from "../platform/page/persistence.ts";
import { createDraftKeeper } from "./drafts.ts";
import { engineAt } from "./engine-port.ts";
import { rememberSignedIn, wasSignedIn } from "../platform/page/signed-in-hint.ts";
import { systemOnline } from "../platform/network.ts";
import { watchNetwork } from "../platform/page/network.ts";
import { leftTexts } from "../platform/page/left-texts.ts";
import { watchPageLife } from "../platform/page/page-life.ts";
import { isVisible, watchVisibility } from "../platform/page/visibility.ts";
import type { Models, Outcome } from "./models.ts";
import { createPreferencesModel } from "./preferences-model.ts";
import { createFilesModel } from "./files-model.ts";
import { createVoiceModel } from "./voice-model.ts";
import { createPasskeyModels } from "./passkey-models.ts";
import type { EngineEvent } from "./rpc.ts";
import { updatedTimeline } from "./timeline-update.ts";
import { createUnstoredTexts } from "./unstored-keeper.ts";
import type { DraftOffer, TemplateView } from "./drafts-view.ts";
import type { Activity } from "./attention-view.ts";
import type {
  AppState,
  Connection,
  ConversationDetails,
  ConversationSummary,
  PractitionerInvitation,
  StoreHealth,
} from "./view.ts";
import type { Timeline } from "./timeline.ts";

/** By then a visitor's sign-in screen is usable; its first command does not wait for this. */
const SETTLED_MS = 2_000;
/** Later than everything that a person waits for: the service worker fetches the rest of the app. */
const IDLE_MS = 4_000;

type Reload = () => Promise<void>;

async function prepareForOffline(
  around: Parameters<typeof import("./offline.ts").keepForOffline>[0],
): Promise<void> {
  try {
    const { keepForOffline } = await import("./offline.ts");
    keepForOffline(around);
  } catch {
    // Without a network nothing can be kept; the next visit tries again.
  }
}

/** Starts the engine and gives the components their models. Once a page. */
export function createModels(): Models {
  const expected = wasSignedIn();
  const app = signal<AppState>({ phase: expected ? "starting" : "signed-out" });
  const connection = signal<Connection>(systemOnline() ? "online" : "offline");
  const list = signal<readonly ConversationSummary[]>([]);
  const loaded = signal(false);
  const timeline = signal<Timeline | null>(null);
  const details = signal<ConversationDetails | null>(null);
  const activity = signal<Activity | null>(null);
  const invitations = signal<readonly PractitionerInvitation[] | null>(null);
  const newer = signal<Reload | null>(null);
  const draftOffer = signal<DraftOffer | null>(null);
  const templates = signal<readonly TemplateView[]>([]);
  const store = signal<StoreHealth>("whole");
  const clockAhead = signal(false);
  const aheadBy = signal(0);
  const madeRoom = signal(false);
  let opened: ConversationId | null = null;

  const engine = engineAt((event: EngineEvent) => {
    switch (event.type) {
      case "app":
        app.value = event.state;
        rememberSignedIn(event.state.phase === "ready");
        if (event.state.phase === "signed-out") {
          draftOffer.value = null;
          madeRoom.value = false;
        }
        if (event.state.phase === "ready") entered();
        return;
      case "made-room":
        madeRoom.value = true;
        return;
      case "connection":
        connection.value = event.connection;
        return;
      case "store":
        store.value = event.health;
        return;
      case "clock":
        aheadBy.value = event.aheadBy;
        clockAhead.value = event.isBeyond;
        return;
      case "conversations":
        list.value = event.list;
        loaded.value = true;
        return;
      // Events of a conversation that was closed meanwhile may still be under way.
      case "timeline":
        if (event.timeline === null) timeline.value = null;
        else if (event.timeline.conversation === opened) {
          timeline.value = updatedTimeline(timeline.peek(), event.timeline);
        }
        return;
      case "details":
        if (event.details === null || event.details.id === opened) details.value = event.details;
        return;
      case "activity":
        if (event.conversation === opened) activity.value = event.activity;
        return;
      case "preferences":
        preferences.heard(event.preferences);
        return;
      case "transfer":
        files.heard(event.transfer, event.isOver);
        return;
      case "draft":
        draftOffer.value = event.offer;
        return;
      case "templates":
        templates.value = event.templates;
        return;
    }
  });

  /** A new engine, or another session in it: it is told how the page stands. */
  const entered = (): void => {
    files.forget();
    void askPersistence();
    drafts.recover();
    if (opened !== null) void engine.ask("openConversation", opened);
    void engine.ask("visible", isVisible());
  };

  // A visitor's sign-in screen needs no cryptography: it is fetched when the page has settled.
  if (expected) engine.start();
  else setTimeout(() => engine.start(), SETTLED_MS);

  const unsent = (): boolean => list.value.some((row) => row.unsent > 0);
  const around = {
    newer: (reload: Reload) => void (newer.value = reload),
    waits: () => connection.value !== "online" && unsent(),
    unsent,
    networkBack: () => void engine.ask("network", true),
  };
  // In development the files change under the same names.
  if (import.meta.env.PROD) setTimeout(() => void prepareForOffline(around), IDLE_MS);

  watchNetwork((online) => {
    connection.value = online ? "connecting" : "offline";
    void engine.ask("network", online);
  });

  watchVisibility((visible) => void engine.ask("visible", visible));

  const preferences = createPreferencesModel(engine);
  const files = createFilesModel(engine);
  const unstored = createUnstoredTexts(engine, leftTexts());
  const drafts = createDraftKeeper(engine, unstored);
  const passkeys = createPasskeyModels(engine);
  watchPageLife({
    leave: () => drafts.leave(),
    rest() {
      // Who is making an account has it in this engine alone, and it holds nothing that others wait for.
      if (app.peek().phase !== "signed-out") engine.rest();
    },
    renew: () => engine.renew(),
  });
  const inOpened = (work: (conversation: ConversationId) => Promise<Outcome>): Promise<Outcome> =>
    opened === null ? Promise.resolve({ ok: false, problem: "not_found" }) : work(opened);

  const refresh = async (): Promise<Outcome> => {
    const outcome = await engine.ask("practitionerInvitations", undefined);
    if (!outcome.ok) return outcome;
    invitations.value = outcome.value;
    return { ok: true, value: null };
  };

  return {
    app,
    connection,
    device: { store, clockAhead, aheadBy, madeRoom },
    ...passkeys,
    signIn: {
      ...passkeys.signIn,
      async signOut() {
        const outcome = await passkeys.signIn.signOut();
        if (outcome.ok) unstored.forget();
        return outcome;
      },
    },
    conversations: {
      list,
      loaded,
      invitePatient: (label) => engine.ask("invitePatient", label),
      inviteAgain: (conversation) => engine.ask("inviteAgain", conversation),
      withdrawInvitation: (conversation) => engine.ask("withdrawInvitation", conversation),
      setPinned: (conversation, pinned) => engine.ask("setPinned", { conversation, pinned }),
      setMuted: (conversation, until) => engine.ask("setMuted", { conversation, until }),
      setArchived: (conversations, archived) =>
        engine.ask("setArchived", { conversations, archived }),
    },
    conversation: {
      timeline,
      details,
      activity,
      open(conversation) {
        if (conversation === opened) return;
        opened = conversation;
        timeline.value = null;
        details.value = null;
        activity.value = null;
        // The last words typed there go along before it is left.
        void drafts.settled();
        void engine.ask("openConversation", conversation);
        // The engine may have begun anew since it was told.
        void engine.ask("visible", isVisible());
      },
      loadOlder: () => void engine.ask("loadOlder", undefined),
      loadNewer: () => void engine.ask("loadNewer", undefined),
      showAt: (seq) => engine.ask("showAt", seq),
      showDate: (time) => engine.ask("showDate", time),
      showNewest: () => void engine.ask("showNewest", undefined),
      keepPlace: (conversation, place) => void engine.ask("keepPlace", { conversation, place }),
      read: (seq) => void engine.ask("markRead", seq),
      typing: (on) => void engine.ask("typing", on),
      send: (conversation, message) => drafts.send(conversation, message),
      edit: (seq, text) =>
        inOpened((conversation) => engine.ask("editMessage", { conversation, seq, text })),
      deleteForEveryone: (seq) =>
        inOpened((conversation) => engine.ask("deleteMessage", { conversation, seq })),
      react: (seq, emoji) =>
        inOpened((conversation) => engine.ask("react", { conversation, seq, emoji })),
      draftOf: (conversation) => drafts.of(conversation),
      saveDraft: (conversation, text, seen) => drafts.save(conversation, { text, seen }),
      draftOffer,
      unsavedEdit: (conversation) => engine.ask("unsavedEdit", conversation),
      keepEdit: (conversation, edit) => drafts.saveEdit(conversation, edit),
      retry: (id) => engine.ask("retry", id),
      discard: (id) => engine.ask("discard", id),
    },
    build: {
      newer: computed(() => newer.value !== null),
      async reload() {
        await drafts.settled();
        await newer.value?.();
      },
    },
    preferences,
    files,
    voice: createVoiceModel(),
    templates: {
      list: templates,
      save: (template) => engine.ask("saveTemplate", template),
      remove: (id) => engine.ask("removeTemplate", id),
    },
    practitioners: {
      invitations,
      refresh,
      async invite(publicName) {
        const outcome = await engine.ask("invitePractitioner", publicName);
        if (outcome.ok) void refresh();
        return outcome;
      },
    },
  };
}

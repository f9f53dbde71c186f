/** Models that hold still: for browser tests and for looking at every state. Never part of the product. */
import { type Signal, signal } from "@preact/signals";
import type { ConversationId } from "../app/ids.ts";
import type { Models, Outcome } from "../app/models.ts";
import type { DraftOffer, TemplateView, UnsavedEdit } from "../app/drafts-view.ts";
import type { Activity, Preferences } from "../app/attention-view.ts";
import type {
  AppState,
  Connection,
  ConversationDetails,
  ConversationSummary,
  LinkState,
  Resumed,
  Me,
  PractitionerInvitation,
  Preview,
  StoreHealth,
} from "../app/view.ts";
import type { Delivery, Timeline, TimelineItem } from "../app/timeline.ts";

import { type FakeFiles, fakeFiles } from "./fake-files.test-kit.ts";
import { fakeTemplates } from "./fake-templates.test-kit.ts";
import { fakeVoice } from "./fake-voice.test-kit.ts";
import { C1, accountNamed, conversationNamed, messageNamed } from "../app/ids.test-kit.ts";

export const RECOVERY_CODE = "K7QF 2MXD 9TRA HW4P 6ZCN 3VJE B8YG";
export const LINK =
  "https://thyme.example/join#3QkT5rYbWc9sVn2LxE7aMd4HfGp6JuZo8BiNe1RqKtX0vSwCyUlAmPgOhDjFzI5T";
export const DAY = 86_400_000;

export const done = <T>(value: T): Promise<Outcome<T>> => Promise.resolve({ ok: true, value });

export const practitioner: Me = {
  account: accountNamed("p"),
  role: "practitioner",
  name: "Dr. Sofía Herrera",
};
export const patient: Me = { account: accountNamed("a"), role: "patient", name: "Ana Morales" };
export const administrator: Me = { account: accountNamed("z"), role: "administrator", name: "Jo" };

/** The writable side of each signal, and what was called. */
export interface Fakes {
  readonly models: Models;
  readonly calls: [name: string, argument: unknown][];
  readonly app: Signal<AppState>;
  readonly connection: Signal<Connection>;
  readonly store: Signal<StoreHealth>;
  readonly clockAhead: Signal<boolean>;
  readonly madeRoom: Signal<boolean>;
  readonly list: Signal<readonly ConversationSummary[]>;
  readonly loaded: Signal<boolean>;
  readonly timeline: Signal<Timeline | null>;
  readonly details: Signal<ConversationDetails | null>;
  readonly activity: Signal<Activity | null>;
  readonly preferences: Signal<Preferences | null>;
  readonly invitations: Signal<readonly PractitionerInvitation[] | null>;
  readonly newer: Signal<boolean>;
  /** as the engine keeps them, by conversation */
  readonly drafts: Map<ConversationId, string>;
  readonly draftOffer: Signal<DraftOffer | null>;
  /** as the engine keeps them, by conversation */
  readonly unsavedEdits: Map<ConversationId, UnsavedEdit>;
  readonly templates: Signal<readonly TemplateView[]>;
  readonly files: FakeFiles;
  /** What the next call of this name answers, instead of success. */
  readonly answers: Map<string, Outcome<never>[]>;
}

export const openLink = (
  kind: LinkState["kind"],
  signedIn: Me | null = null,
  resumed: Resumed | null = null,
): LinkState => ({
  resumed,
  kind,
  state: "open",
  inviter: kind === "setup" ? null : "Dr. Sofía Herrera",
  suggestedName: kind === "practitioner" ? "Dr. Sofía Herrera" : "",
  expiresAt: null,
  signedIn,
});

export function fakeModels(
  options: { me?: Me | null; link?: LinkState; passkeys?: boolean } = {},
): Fakes {
  const calls: Fakes["calls"] = [];
  const answers: Fakes["answers"] = new Map();
  const call = <T>(name: string, argument: unknown, value: T): Promise<Outcome<T>> => {
    calls.push([name, argument]);
    const answer = answers.get(name)?.shift();
    return answer ? Promise.resolve(answer) : done(value);
  };
  const me = options.me ?? null;
  const app = signal<AppState>(me ? { phase: "ready", me } : { phase: "signed-out" });
  const connection = signal<Connection>("online");
  const store = signal<StoreHealth>("whole");
  const clockAhead = signal(false);
  const madeRoom = signal(false);
  const list = signal<readonly ConversationSummary[]>([]);
  const loaded = signal(true);
  const timeline = signal<Timeline | null>(null);
  const details = signal<ConversationDetails | null>(null);
  const activity = signal<Activity | null>(null);
  const preferences = signal<Preferences | null>({
    receipts: true,
    typing: true,
    presence: true,
  });
  const invitations = signal<readonly PractitionerInvitation[] | null>([]);

  const newer = signal(false);
  const drafts: Fakes["drafts"] = new Map();
  const draftOffer = signal<DraftOffer | null>(null);
  const unsavedEdits = new Map<ConversationId, UnsavedEdit>();
  const templates = signal<readonly TemplateView[]>([]);
  /** As the engine does: it holds at once. */
  const flag = (name: string, ids: readonly string[], change: Partial<ConversationSummary>) => {
    list.value = list.value.map((row) => (ids.includes(row.id) ? { ...row, ...change } : row));
    return call(name, [...ids, ...Object.values(change)], null);
  };

  const files = fakeFiles(call);

  const models: Models = {
    app,
    connection,
    device: { store, clockAhead, aheadBy: signal(0), madeRoom },
    passkeys: options.passkeys ?? true,
    onboarding: {
      open: (link) => call("open", link, options.link ?? openLink("patient")),
      prepare: (input) =>
        call("prepare", input, {
          recoveryCode: RECOVERY_CODE,
          step: input.passkey ? "passkey" : "code",
        }),
      createPasskey: () => call("createPasskey", null, { confirm: true }),
      confirmPasskey: () => call("confirmPasskey", null, { again: false }),
      withoutPasskey: () => call("withoutPasskey", null, null),
      async finish() {
        const outcome = await call("finish", null, { conversation: C1 });
        if (outcome.ok) app.value = { phase: "ready", me: patient };
        return outcome;
      },
      joinSignedIn: () => call("joinSignedIn", null, { conversation: C1 }),
    },
    signIn: {
      withPasskey: () => call("withPasskey", null, { next: "ready" as const }),
      withCode: (code) => call("withCode", code, null),
      signOut: () => call("signOut", null, null),
    },
    conversations: {
      list,
      loaded,
      invitePatient: (label) => call("invitePatient", label, { conversation: C1, link: LINK }),
      inviteAgain: (id) => call("inviteAgain", id, { link: LINK }),
      withdrawInvitation: (id) => call("withdrawInvitation", id, null),
      setPinned: (id, pinned) => flag("setPinned", [id], { pinned }),
      setMuted: (id, until) =>
        flag("setMuted", [id], {
          muted: until !== null,
          mutedUntil: until === "always" ? null : until,
        }),
      setArchived: (ids, archived) => flag("setArchived", ids, { archived }),
    },
    conversation: {
      timeline,
      details,
      activity,
      open: (id) => void call("openConversation", id, null),
      loadOlder: () => void call("loadOlder", null, null),
      loadNewer: () => void call("loadNewer", null, null),
      showAt: (seq) => call("showAt", seq, null),
      showDate: (time) => call("showDate", time, null),
      showNewest: () => void call("showNewest", null, null),
      keepPlace: (id, place) => void call("keepPlace", { id, place }, null),
      read: (seq) => void call("read", seq, null),
      typing: (on) => void call("typing", on, null),
      async send(id, { text, left, replyTo }) {
        const answer = await call("send", replyTo === undefined ? text : { text, replyTo }, null);
        if (answer.ok) drafts.set(id, left.text);
        return answer;
      },
      edit: (seq, text) => call("edit", { seq, text }, null),
      deleteForEveryone: (seq) => call("deleteForEveryone", seq, null),
      react: (seq, emoji) => call("react", { seq, emoji }, null),
      draftOf: (id) => Promise.resolve({ text: drafts.get(id) ?? "", at: 0 }),
      saveDraft: (id, text) => void drafts.set(id, text),
      draftOffer,
      unsavedEdit: async (id) => ({ ok: true, value: unsavedEdits.get(id) ?? null }),
      keepEdit: (id, edit) => void (edit ? unsavedEdits.set(id, edit) : unsavedEdits.delete(id)),
      retry: (id) => call("retry", id, null),
      discard: (id) => call("discard", id, null),
    },
    files: files.model,
    voice: fakeVoice(call),
    templates: fakeTemplates(templates, call),
    build: { newer, reload: () => call("reload", null, null).then(() => undefined) },
    preferences: {
      current: preferences,
      set(change) {
        if (preferences.value) preferences.value = { ...preferences.value, ...change };
        return call("setPreferences", change, null);
      },
    },
    practitioners: {
      invitations,
      refresh: () => call("refresh", null, null),
      invite: (name) => call("invite", name, { link: LINK }),
    },
  };
  return {
    models,
    calls,
    app,
    connection,
    store,
    clockAhead,
    madeRoom,
    list,
    loaded,
    timeline,
    details,
    activity,
    preferences,
    invitations,
    newer,
    drafts,
    draftOffer,
    unsavedEdits,
    templates,
    files,
    answers,
  };
}

/** `name`: of its id. */
export function summary(name: string, title: string, change: Partial<ConversationSummary> = {}) {
  const preview: Preview = { own: false, text: "Thank you, that helps a lot", deleted: false };
  return {
    id: conversationNamed(name),
    title,
    state: "active",
    preview,
    lastAt: Date.now(),
    unread: 0,
    unsent: 0,
    waitingForYou: false,
    pinned: false,
    muted: false,
    mutedUntil: null,
    archived: false,
    draft: null,
    ...change,
  } satisfies ConversationSummary;
}

export function details(change: Partial<ConversationDetails> = {}): ConversationDetails {
  return {
    id: C1,
    title: "Ana Morales",
    state: "active",
    peer: { name: "Ana", signedName: "Ana Morales", devices: 1 },
    ownDevices: 2,
    verified: "by-your-invitation",
    invitation: null,
    wanting: null,
    failures: [],
    createdAt: Date.now() - 40 * DAY,
    ...change,
  };
}

/** A message of Ana's, or an own one when a delivery is given; its id is named "m" and its seq. */
export function message(
  seq: number | null,
  at: number,
  text: string,
  delivery: Delivery | null = null,
): TimelineItem {
  const own = delivery !== null;
  const sender = own
    ? { account: accountNamed("p"), name: "Dr. Sofía Herrera", own }
    : { account: accountNamed("a"), name: "Ana", own };
  return {
    kind: "message",
    id: messageNamed(`m${seq ?? `-${at}`}`),
    seq,
    at,
    sender,
    text,
    reply: null,
    editedAt: null,
    reactions: [],
    change: null,
    delivery,
  };
}

export function timeline(items: readonly TimelineItem[], change: Partial<Timeline> = {}): Timeline {
  return {
    conversation: C1,
    items,
    older: "none",
    newer: "none",
    reveal: null,
    seeking: null,
    newFrom: null,
    caughtUp: true,
    ...change,
  };
}

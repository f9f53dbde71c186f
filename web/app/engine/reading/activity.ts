import type { ConversationUp } from "../../../../workers/protocol/frames.ts";
import {
  type AccountId,
  type ConversationId,
  accountIdText,
} from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import type { Activity } from "../../attention-view.ts";
import type { Deps } from "../store/deps.ts";
import type { Identity } from "../account/identity.ts";
import { type Library, membersOf } from "../conversation/library.ts";
import type { PreferencesKeeper } from "../private/preferences.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { changeKept } from "../conversation/keep.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import { membersSeen } from "../conversation/reading-transitions.ts";
import { titleOf } from "../log/rows.ts";

/** Who is typing and who is here, in the conversation on screen. Nothing of it is kept by the server. */
export interface OpenActivity {
  opened(id: ConversationId | null): void;
  /** The socket is live: these members are here. */
  welcomed(present: readonly Uint8Array[]): void;
  lost(): void;
  heard(of: Uint8Array, what: "typing" | "presence", on: boolean): void;
  /** A message of theirs came: they are not typing it any more. */
  arrived(account: Uint8Array): void;
  typing(on: boolean): void;
  /** whether the page can be seen */
  visible(on: boolean): void;
  /** the switches, or the record of this conversation, changed */
  refresh(id?: ConversationId): void;
  close(): void;
}

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly library: Library;
  readonly preferences: Pick<PreferencesKeeper, "current">;
  readonly say: (id: ConversationId, frame: ConversationUp) => boolean;
  readonly emit: (conversation: ConversationId, activity: Activity) => void;
}

const TYPING_EVERY_MS = 3_000;
/** Two repetitions may be lost before it ends by itself. */
const TYPING_ENDS_MS = 6_000;
const PRESENCE_EVERY_MS = 60_000;

type Timer = ReturnType<typeof setTimeout>;

/** When one of the others was last seen, as far as they told. */
function lastSeen(record: Pick<KeptConversation, "reading" | "seen">, self: string): number | null {
  const theirs = Object.entries(record.reading).flatMap(([account, { seen }]) =>
    account === self || seen === null ? [] : [seen],
  );
  const here = Object.entries(record.seen).flatMap(([account, at]) =>
    account === self ? [] : [at],
  );
  const all = [...theirs, ...here];
  return all.length === 0 ? null : Math.max(...all);
}

export function createActivity(around: Surroundings): OpenActivity {
  const { deps, me, library, preferences } = around;
  const self = accountIdText(me.account);
  const typing = new Map<AccountId, Timer>();
  const present = new Map<AccountId, Timer>();
  let open: ConversationId | null = null;
  let isVisible = false;
  let isLive = false;
  let isTold = false;
  let typedAt = 0;
  let shown = "";

  const show = async (): Promise<void> => {
    const id = open;
    if (id === null) return;
    const record = await library.kept(id);
    if (!record || open !== id) return;
    const { typing: types, presence } = preferences.current();
    const nameOf = (account: AccountId): string =>
      record.names[account] ?? titleOf(record, me.account);
    const activity: Activity = {
      typing: types ? [...typing.keys()].map(nameOf) : [],
      online: presence && present.size > 0,
      lastSeen: presence ? lastSeen(record, self) : null,
    };
    const text = JSON.stringify([id, activity]);
    if (text === shown) return;
    shown = text;
    around.emit(id, activity);
  };
  const soon = (): void => void show().catch(reportUnexpected);

  /** Presence is not kept; when it was is stored on this device only. */
  const noteSeen = async (id: ConversationId, accounts: readonly AccountId[]): Promise<void> => {
    const at = deps.now();
    const members = membersOf(await library.chain(id));
    await changeKept(deps.store, id, (kept) => membersSeen(kept, accounts, at, members));
    soon();
  };
  const sawNow = (accounts: readonly AccountId[]): void => {
    if (open !== null && accounts.length > 0) noteSeen(open, accounts).catch(reportUnexpected);
  };

  const end = (of: Map<AccountId, Timer>, account: AccountId): boolean => {
    clearTimeout(of.get(account));
    return of.delete(account);
  };

  const tell = (): void => {
    const wanted = open !== null && isVisible && isLive && preferences.current().presence;
    if (open === null || wanted === isTold) return;
    if (around.say(open, { t: "presence", on: wanted })) isTold = wanted;
  };
  const heartbeat = setInterval(() => {
    if (isTold && open !== null) around.say(open, { t: "presence", on: true });
  }, PRESENCE_EVERY_MS);

  const setTyping = (account: AccountId, on: boolean): void => {
    const was = end(typing, account);
    const gone = (): void => setTyping(account, false);
    if (on) typing.set(account, setTimeout(gone, TYPING_ENDS_MS));
    if (was || on) soon();
  };

  const setPresent = (account: AccountId, on: boolean): void => {
    const was = end(present, account);
    const gone = (): void => setPresent(account, false);
    if (on) present.set(account, setTimeout(gone, LIMITS.presenceMs));
    // Who has gone is not writing here any more.
    if (!on) setTyping(account, false);
    if (was || on) sawNow([account]);
    soon();
  };

  /** Without the socket nobody knows: those who were here were here until now. */
  const forget = (): void => {
    sawNow([...present.keys()]);
    for (const account of present.keys()) end(present, account);
    for (const account of typing.keys()) end(typing, account);
    isLive = false;
    isTold = false;
    typedAt = 0;
    soon();
  };

  return {
    opened(id) {
      forget();
      open = id;
      shown = "";
      soon();
    },
    welcomed(accounts) {
      isLive = true;
      isTold = false;
      const here = accounts.map((account) => accountIdText(account));
      const gone = [...present.keys()].filter((account) => !here.includes(account));
      for (const account of gone) setPresent(account, false);
      for (const account of here) setPresent(account, true);
      tell();
    },
    lost: forget,
    heard(of, what, on) {
      const account = accountIdText(of);
      if (account === self) return;
      if (what === "presence") setPresent(account, on);
      else setTyping(account, on);
    },
    arrived(account) {
      setTyping(accountIdText(account), false);
    },
    typing(on) {
      if (open === null || !isLive || !preferences.current().typing) return;
      const now = deps.now();
      if (on ? now - typedAt < TYPING_EVERY_MS : typedAt === 0) return;
      typedAt = on ? now : 0;
      around.say(open, { t: "typing", on });
    },
    visible(on) {
      isVisible = on;
      tell();
    },
    refresh(id) {
      if (id !== undefined && id !== open) return;
      tell();
      soon();
    },
    close() {
      forget();
      open = null;
      clearInterval(heartbeat);
    },
  };
}

import { counted, formatNumber } from "./counts.ts";

const count = (n: number, one: string, other: string): string => counted("en", n, one, other);
const withCount = (name: string, n: number): string =>
  n === 0 ? name : `${name} · ${formatNumber("en", n)}`;

export const enList = {
  find: {
    label: "Find a conversation",
    clear: "Clear",
    show: "Show",
    all: "All",
    waiting: (n: number): string => withCount("Waiting for you", n),
    unread: (n: number): string => withCount("Unread", n),
    archived: "Archived",
    found: (n: number): string => count(n, "conversation", "conversations"),
    noMatch: "No such name here",
    noMatchHelp: "The beginning of a first or last name is enough. Accents do not matter.",
    inAll: "Search all",
    inArchive: (n: number): string => withCount("Show in the archive", n),
    noneWaiting: "Nobody waits for you",
    noneUnread: "You have read everything",
    noneArchived: "Nothing is archived",
    noneArchivedHelp: "Archived conversations stay here until somebody writes in them.",
    noneLeft: "Everything is archived",
    showAll: "Show all",
    showArchive: "Show the archive",
  },

  menu: {
    name: "Conversation menu",
    row: (name: string): string => `Actions for ${name}`,
    pin: "Pin",
    unpin: "Unpin",
    mute: "Mute",
    unmute: "Unmute",
    archive: "Archive",
    unarchive: "Unarchive",
    pinned: "Pinned",
    muted: "Muted",
  },

  bulk: {
    select: "Select",
    chosen: (n: number): string => `${formatNumber("en", n)} selected`,
    archived: (n: number): string => `${count(n, "conversation", "conversations")} archived`,
    unarchived: (n: number): string =>
      `${count(n, "conversation", "conversations")} back in the list`,
    undo: "Undo",
  },

  shortcuts: {
    title: "Keyboard shortcuts",
    next: "Next conversation",
    previous: "Previous conversation",
    open: "Open the conversation",
    find: "Find a conversation",
    help: "Show this list",
    back: "Back to the list",
    down: "Down",
    up: "Up",
    enter: "Enter",
    escape: "Esc",
    or: "or",
    setting: "Single-letter shortcuts",
    settingHelp: "Press ? in your conversations to see them. They are never active while you type.",
    off: "You can switch them off in the settings.",
  },
};

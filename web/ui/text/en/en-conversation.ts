import { counted } from "./counts.ts";

const count = (n: number, one: string, other: string): string => counted("en", n, one, other);

export const enConversation = {
  conversation: {
    screen: "Conversation",
    back: "Back to conversations",
    verifiedByYou: "Verified by your invitation",
    verifiedByThem: "Verified by their invitation",
    waiting: "Waiting for them to join",
    joining: "Joining",
    stopped: "Stopped for safety",
    updating: "Updating",
    log: "Messages",
    newMessages: "New messages",
    older: "Older messages are loading",
    olderUnreachable: "Older messages cannot be reached now.",
    latest: "Jump to latest",
    latestNew: (n: number): string => count(n, "new message", "new messages"),
    arrived: (name: string, message: string): string => `${name}: ${message}`,
    empty: "No messages yet. Say hello.",
    blockedTitle: "Sending is stopped",
    blocked:
      "Something in this conversation could not be verified. It may be a fault, or somebody is interfering. Your messages are kept. Call the other person before you go on, and tell your administrator.",
    wantingTitle: "Sending is waiting",
    wanting: {
      bundle: (since: string): string =>
        `A change to this conversation has been missing, or not verified, since ${since}.`,
      manifest: (since: string): string =>
        `Somebody's list of devices has been missing, or not verified, since ${since}.`,
      share: (since: string): string =>
        `What new messages are encrypted with has been missing, or not verified, since ${since}.`,
      log: (since: string): string =>
        `What the server says has not matched the messages on this device since ${since}.`,
    },
    wantingHelp:
      "What you write is kept and sent by itself once this is cleared up. If it lasts, tell your administrator.",
    joiningHelp: "You are being added to this conversation. What you write is kept and sent then.",
    missingTitle: "This conversation is not here",
    missing: "It may belong to another account, or it was deleted.",
    toList: "Go to your conversations",
  },

  message: {
    /** the accessible name of a message */
    name: (sender: string, time: string): string => `${sender}, ${time}`,
    /** its device asked that nobody be notified of it */
    silent: "silent",
    cameSilently: "It came without a notification",
    /** its author's clock and the server's are more than an hour apart */
    writtenElsewhen: "other clock",
    writtenAt: (when: string): string => `By its sender's clock: ${when}`,
    queued: "Waiting to be sent",
    sending: "Sending",
    sent: "Sent",
    delivered: "Delivered",
    read: "Read",
    deletedByYou: (when: string) => `You deleted this message · ${when}`,
    deletedBy: (name: string, when: string) => `Deleted by ${name} · ${when}`,
    failed: "Not sent",
    retry: "Retry",
    discard: "Discard",
  },

  notices: {
    created: "This is the start of the conversation",
    invited: "You made an invitation",
    withdrawn: "The invitation was withdrawn",
    joined: (name: string): string => `${name} has joined`,
    joinedLate: (name: string): string => `${name} has joined, after the invitation had expired`,
    joinedOwn: "You have joined",
    newDevice: (name: string): string => `${name} uses a new device`,
    newDeviceOwn: "You use a new device",
    removedDevice: "The next message came from a device since removed",
    notVerified:
      "A message here could not be verified, so it is not shown. Later messages are not affected.",
    missing: "A message is missing here. Ask the sender to send it again.",
    updateApp: "Reload Thyme to read this message. It is kept.",
  },

  composer: {
    message: "Message",
    send: "Send",
    left: (n: number): string => count(n, "character left", "characters left"),
    over: (n: number): string =>
      `${count(n, "character", "characters")} too many. Shorten it or send it in parts.`,
    failed: "Your text is back in the box.",
  },

  details: {
    open: "Details",
    whoReads: "Who can read this",
    readers: (own: number, name: string, theirs: number): string =>
      `You on ${count(own, "device", "devices")}, ${name} on ${theirs}. Nobody else, not even Thyme.`,
    readersAlone: (own: number): string =>
      `You on ${count(own, "device", "devices")}. Whoever joins with your invitation reads it too. Nobody else, not even Thyme.`,
    howVerified: "How you know it is them",
    byYou: (name: string): string =>
      `${name} joined with the link that you handed over. The link works once.`,
    byThem: (name: string): string =>
      `You joined with the link that ${name} gave you. Thyme has checked that it is theirs.`,
    notYet: "Nobody has joined yet. The link that you hand over verifies them.",
    since: "Conversation since",
    failures: "What could not be verified",
    failuresHelp:
      "This came and did not pass a check, so it was not used. It may be a fault, or somebody is interfering.",
    failure: {
      bundle: "A change to this conversation",
      manifest: "Somebody's list of devices",
      share: "What messages are encrypted with",
      message: "A message",
      log: "What the server says about this conversation",
    },
  },
};

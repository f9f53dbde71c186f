import { counted } from "./counts.ts";
import { enActions } from "./en-actions.ts";
import { enConversation } from "./en-conversation.ts";
import { enEffects } from "./en-effects.ts";
import { enHistory } from "./en-history.ts";
import { enDrafts } from "./en-drafts.ts";
import { enFiles } from "./en-files.ts";
import { enList } from "./en-list.ts";
import { enOnboarding } from "./en-onboarding.ts";
import { enPush } from "./en-push.ts";
import { enReceipts } from "./en-receipts.ts";
import { enProblems } from "./en-problems.ts";

const count = (n: number, one: string, other: string): string => counted("en", n, one, other);

export const en = {
  app: "Thyme",
  /** after the name of a screen, in the window's title */
  title: (screen: string): string => `${screen} · Thyme`,
  problems: enProblems,
  ...enOnboarding,
  ...enConversation,
  ...enHistory,
  ...enList,
  ...enEffects,
  ...enPush,
  ...enReceipts,
  ...enDrafts,
  ...enFiles,
  ...enActions,
  waitThenRetry: (wait: string): string =>
    `That was too often in a short time. Nothing is lost. Try again in ${wait}.`,

  common: {
    copy: "Copy",
    copied: "Copied",
    copyRefused: "This browser does not allow copying. The text is selected: copy it yourself.",
    share: "Share",
    close: "Close",
    cancel: "Cancel",
    done: "Done",
    continue: "Continue",
    tryAgain: "Try again",
    reload: "Reload the page",
    you: "You",
    settings: "Settings",
    privacyNotice: "Privacy notice",
    language: "Language",
    skip: "Skip to conversation",
    loading: "Loading",
    partFailed: "This screen could not be loaded",
    partFailedHelp: "Nothing is lost. Look at your connection and try again.",
  },

  connection: {
    label: "Connection",
    offline: "Offline",
    offlineHelp: "What you write is kept and sent later.",
    connecting: "Connecting",
    online: "Connected",
    elsewhere: "Active elsewhere. This tab goes on when you come back to it.",
  },

  device: {
    label: "This device",
    mending: "Something stored on this device could not be read. It is being fetched again.",
    mended: "Something stored on this device could not be read. It was fetched again.",
    lost: "What this device stored can no longer be read. Sign in to fetch it again.",
    madeRoom:
      "Your account was signed in on as many devices as it can have. The one that was not used for longest was signed out.",
    setClock:
      "Set this device's clock: it is more than two days ahead. Until then nothing is sent.",
  },

  build: {
    newer: "New version",
    kept: "What you are writing is kept.",
    reload: "Reload",
  },

  signIn: {
    screen: "Sign in",
    title: "Welcome back",
    intro: "Private messages between you and your nutritionist.",
    withPasskey: "Sign in with passkey",
    useCode: "Use recovery code",
    usePasskey: "Use passkey instead",
    code: "Recovery code",
    codeHint:
      "The 28 letters and digits of your printed code. Capital letters and blanks do not matter.",
    codeMissing: "Type your recovery code to go on.",
    submit: "Sign in",
    needsCodeTitle: "One more step on this device",
    needsCode:
      "Your passkey is right, but on this device it cannot open your messages yet. Type your recovery code once. Nothing is lost.",
    newHere: "New here? Open the link that your nutritionist sent you.",
  },

  list: {
    screen: "Conversations",
    name: "Conversations",
    unread: (n: number): string => count(n, "unread message", "unread messages"),
    unsent: (n: number): string => count(n, "message not sent yet", "messages not sent yet"),
    own: (preview: string): string => `You: ${preview}`,
    invited: "Invited, has not joined yet",
    expired: "The invitation is no longer open",
    joining: "Joining",
    blocked: "Stopped for safety",
    nothingYet: "No messages yet",
    emptyPractitionerTitle: "Invite your first patient",
    emptyPractitioner:
      "You get a link and a picture to scan. Hand it over by any channel; you can write before they join.",
    emptyPatientTitle: "No conversations yet",
    emptyPatient:
      "Open the link that your nutritionist sent you. The conversation then appears here.",
    chooseTitle: "Choose a conversation",
    choose: "Your messages open here.",
  },

  invite: {
    patient: "Invite patient",
    label: "Label",
    labelHint: "How you find this patient in your list, for example “Ana M.”. Nobody else sees it.",
    labelMissing: "Write a label to go on.",
    create: "Create invitation",
    link: "Invitation link",
    linkReady: "The invitation is ready",
    linkHelp: (name: string): string =>
      `Send this link to ${name}, or let them scan the picture. It works once.`,
    until: (date: string): string => `Open until ${date}.`,
    qr: "Picture of the invitation link, to be scanned with a phone",
    write: "Write a first message",
    shareText: "Your invitation to Thyme",
    withdraw: "Withdraw invitation",
    withdrawTitle: "Withdraw this invitation?",
    withdrawHelp:
      "The link stops working at once. What you have written is kept, and you can invite again.",
    again: "Invite again",
    expiredTitle: "The invitation is no longer open",
    expiredHelp:
      "Nobody has joined. What you have written is kept. Make a new link to invite again.",
    openTitle: (name: string): string => `${name} has not joined yet`,
    openHelp: "You can write already. They see it when they join.",
    show: "Show link",
  },

  practitioners: {
    screen: "Practitioners",
    title: "Practitioners",
    intro:
      "Practitioners invite their own patients. Nobody but the two of them can read what they write.",
    invite: "Invite practitioner",
    publicName: "Public name",
    publicNameHint: "A suggestion; they can change it. Patients see it on their invitation.",
    publicNameMissing: "Write a name to go on.",
    invitations: "Invitations",
    state: {
      open: (until: string): string => `Open until ${until}`,
      used: "Has joined",
      withdrawn: "Withdrawn",
      expired: "Expired",
    },
    invitedOn: (date: string): string => `Invited on ${date}`,
    emptyTitle: "Invite the first practitioner",
    empty: "You get a link and a picture to scan. Hand it over by any channel.",
  },

  settings: {
    screen: "Settings",
    back: "Back",
    account: "Account",
    role: { administrator: "Administrator", practitioner: "Practitioner", patient: "Patient" },
    devices: "Devices",
    thisDevice: "This device",
    signedInAs: (name: string): string => `Signed in as ${name}`,
    signOut: "Sign out",
    signOutHelp:
      "Your messages are removed from this device. To come back you need your passkey or your recovery code.",
    appearance: "Appearance",
    theme: "Colours",
    themes: { system: "As on this device", light: "Light", dark: "Dark" },
    privacy: "Privacy",
    privacyHelp: "Who can read what, how long it is kept, and your rights.",
  },

  storage: {
    title: "Your data",
    help: "When this device runs out of space, your browser may clear what Thyme keeps here: messages come back after signing in, but what you have not sent yet would be lost. You can ask it to keep everything. It will want you to confirm.",
    keep: "Keep my data here",
    kept: "Your browser keeps it.",
    refused: "Your browser did not agree. Thyme works all the same.",
  },

  notice: {
    screen: "Privacy notice",
    version: (version: string): string => `Version ${version}`,
  },

  notFound: {
    screen: "Page not found",
    title: "There is no page here",
    help: "The address may be mistyped. Nothing is lost.",
    home: "Go to Thyme",
  },
};

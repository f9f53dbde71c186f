import type { CommandName } from "./rpc.ts";

/**
 * What becomes of a command whose engine was ended before it answered. `again`: asked twice it does no more than once.
 * `said anew`: the page tells a new engine how it stands. `unknown`: it may have been done, and the person is told so.
 */
export type AfterRest = "again" | "said anew" | "unknown";

export const AFTER_REST: Readonly<Record<CommandName, AfterRest>> = {
  network: "said anew",
  openConversation: "said anew",
  visible: "said anew",
  typing: "said anew",
  // Nobody is signed in yet: the page keeps its engine while these are under way.
  openLink: "unknown",
  abandonedPasskey: "unknown",
  prepareAccount: "unknown",
  passkeyCreation: "unknown",
  passkeyCreated: "unknown",
  passkeyConfirmed: "unknown",
  withoutPasskey: "unknown",
  finishAccount: "unknown",
  joinSignedIn: "unknown",
  passkeyChallenge: "unknown",
  signInPasskey: "unknown",
  signInCode: "unknown",
  invitePatient: "unknown",
  inviteAgain: "unknown",
  invitePractitioner: "unknown",
  saveTemplate: "unknown",
  signOut: "again",
  withdrawInvitation: "again",
  setPinned: "again",
  setMuted: "again",
  setArchived: "again",
  loadOlder: "again",
  loadNewer: "again",
  showAt: "again",
  showDate: "again",
  showNewest: "again",
  keepPlace: "again",
  markRead: "again",
  setPreferences: "again",
  send: "again",
  editMessage: "again",
  deleteMessage: "again",
  react: "again",
  draftOf: "again",
  saveDraft: "again",
  unsavedEdit: "again",
  keepEdit: "again",
  sealUnstored: "again",
  recoverUnstored: "again",
  removeTemplate: "again",
  retry: "again",
  discard: "again",
  practitionerInvitations: "again",
};

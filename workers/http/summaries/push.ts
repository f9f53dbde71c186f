import type { pushEndpoints } from "../../protocol/http/push.ts";

export const pushSummaries: Readonly<Record<keyof typeof pushEndpoints, string>> = {
  pushKey: "The public key with which a browser subscribes to pushes (RFC 8292)",
  subscribePush: "Where the calling device is to be rung, instead of where it was before",
  unsubscribePush: "Ring the calling device no more",
  testPush: "Send the calling device a push, and say what its push service answered",
  notifications:
    "Whether the calling device is rung, and what the account wants of all its devices",
  putNotifications: "Whether the account's devices ring at all, and when they do not",
  mute: "Ring no device for this conversation, until a time or until it is taken back",
  unmute: "Ring for this conversation again",
};

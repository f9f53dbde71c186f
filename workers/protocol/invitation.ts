import { concatBytes } from "./bytes.ts";

/** I6: what the invite key signs (under `sign-claim`): inviteId(16) || accountId(32). */
export const claimBytes = (invite: Uint8Array, account: Uint8Array): Uint8Array =>
  concatBytes(invite, account);

/** K12: what a device signs (under `sign-device-session`): accountId(32) || challenge(32). */
export const deviceSessionBytes = (account: Uint8Array, challenge: Uint8Array): Uint8Array =>
  concatBytes(account, challenge);

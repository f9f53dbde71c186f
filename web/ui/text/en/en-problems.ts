import type { ProblemCode } from "../../../app/view.ts";

const OUR_FAULT =
  "Something went wrong on our side. What you wrote is kept. Try again in a moment.";
const NOT_ACCEPTED =
  "Thyme did not accept this, and nothing was changed. Reload the page and try again.";
const RELOAD = "This page is older than Thyme itself. What you wrote is kept. Reload the page.";
const CHANGED = "This was changed on another device meanwhile. Nothing is lost. Try again.";

/** Each says what happened, what was kept, and what to do. */
export const enProblems: Record<ProblemCode, string> = {
  offline: "There is no connection. What you wrote is kept. Try again when you are online.",
  bad_link:
    "This link is not complete. Nothing was changed. Open it again from the message you received, or ask for a new one.",
  wrong_role:
    "This link is meant for somebody else. Nothing was changed. Ask the person who sent it for your own.",
  bad_recovery_code:
    "There is a mistake in the code. Nothing was changed. Compare it with your paper and type it again.",
  link_altered: "This link was changed on its way and is not safe to use. Ask for a new one.",
  clock_ahead: "The clock of this device is more than two days ahead. Set it, then try again.",
  passkey_cancelled: "The passkey was not used. Nothing was changed. Try again when you are ready.",
  passkey_unsupported:
    "This browser cannot use passkeys. Nothing was changed. You can go on with your recovery code.",
  not_verified:
    "Thyme could not make sure who wrote this, so it stopped. Your messages are kept. Call the other person before you go on.",
  storage:
    "This browser does not let Thyme keep anything. Nothing was sent. Leave private browsing or free some space, then try again.",
  too_long: "This is too long to be sent. It is kept. Shorten it or send it in parts.",
  maybe_sent:
    "It is not certain whether this was sent before. It is kept here. Look in the conversation, then send it again or discard it.",
  interrupted:
    "This was interrupted when the page was put away. It may have been done. Look before you try again.",
  file_type:
    "This kind of file cannot be sent. Nothing was sent. Pictures, audio, PDF, text, CSV, Word and Excel files can.",
  file_video:
    "Videos cannot be sent: they can carry the place where they were taken. Nothing was sent. Send a picture or audio.",
  file_heic:
    "This browser cannot open this picture, so its place could not be taken out. Nothing was sent. Save it as JPEG and choose that.",
  file_empty: "This file is empty. Nothing was sent. Choose another one.",
  file_pixels: "This picture has too many pixels. It was not sent. Make it smaller.",
  file_damaged: "This file cannot be read. It may be cut off. Nothing was sent. Choose it again.",
  file_changed:
    "This file changed while it was read. Nothing of it was sent. Save it and choose it again.",
  file_lost:
    "What was kept of this file is gone from this browser. Discard it, then choose the file again.",
  file_altered: "What came is not the file that was sent. Nothing of it was opened. Try again.",
  device_full:
    "There is not enough space on this device. Nothing is lost. Free some space, then try again.",
  microphone_denied:
    "Thyme may not use the microphone. Nothing was recorded. Allow it beside the address of this page or in the settings of this device, then try again.",
  microphone_missing:
    "This device has no microphone that can be used. Nothing was recorded. Connect one, then try again.",
  recording_failed:
    "Recording did not work: another program may be using the microphone. Close it, then try again.",
  unsent_messages:
    "Some messages or deletions have not been sent, so you are still signed in. They are kept. Go online until they are sent, or discard the messages, then sign out.",
  bad_request: NOT_ACCEPTED,
  too_large: "This is too large to be sent. It is kept here. Send it in smaller parts.",
  unsupported_version: RELOAD,
  origin_refused: NOT_ACCEPTED,
  unauthenticated: "You have been signed out. What you wrote is kept. Sign in to go on.",
  device_required: "This device needs to sign in again. What you wrote is kept. Sign in to go on.",
  not_found: "This is no longer here. It may have been deleted. Go back to your conversations.",
  rate_limited: "That was too often in a short time. Nothing is lost. Wait a minute and try again.",
  storage_full:
    "Your account is full: drafts, labels and templates take all of its space. Your messages are not affected. Delete drafts or templates, then try again.",
  daily_limit:
    "That is all an account can send in one day. It is kept here. Send it again tomorrow.",
  invitation_limit:
    "You have as many open invitations as is possible. Nothing was changed. Withdraw one, or wait until one is accepted.",
  push_service_unknown:
    "This browser's notification service is not one that Thyme can use. Nothing was changed. Try another browser on this device.",
  challenge_refused: "That took too long. Nothing was changed. Try again.",
  passkey_refused:
    "This passkey was not accepted. Nothing was changed. Try again, or use your recovery code.",
  passkey_unknown:
    "Thyme does not know this passkey. Nothing was changed. Choose another one, or use your recovery code.",
  recovery_refused:
    "No account belongs to this code. Nothing was changed. Compare it with your paper and type it again.",
  manifest_refused: NOT_ACCEPTED,
  stale_version: CHANGED,
  already_exists: "This exists already, so nothing was changed. Reload the page to see it.",
  setup_done:
    "Thyme has been set up already. Nothing was changed. Sign in, or ask your administrator.",
  setup_refused:
    "This setup link is not the right one. Nothing was changed. Copy the newest link from the terminal.",
  invitation_used:
    "This invitation has been used. If it was you, sign in. If not, ask for a new one.",
  invitation_withdrawn: "This invitation was withdrawn. Nothing was changed. Ask for a new one.",
  invitation_expired: "This invitation has expired. Nothing was changed. Ask for a new one.",
  claim_refused: "This invitation could not be checked. Nothing was changed. Ask for a new one.",
  stale_epoch: CHANGED,
  bundle_refused: NOT_ACCEPTED,
  out_of_order: "An earlier message has to arrive first. This one is kept and goes out after it.",
  rolled_back:
    "The server no longer has all of this conversation. Nothing is sent until that is clear.",
  sequence_conflict:
    "This browser holds an old copy of your account. Your messages are kept. Sign out and sign in again.",
  blob_gone:
    "The file is no longer at the server, because it waited for too long. It is kept here. Send it again.",
  upload_incomplete:
    "Parts of the file have to be sent again. The file is kept here. Try again in a moment.",
  upload_mismatch:
    "The file did not arrive as it was announced. It is kept here, and nothing was sent. Send it again.",
  file_too_large:
    "This file is larger than is allowed here. Nothing was sent, and what you wrote is kept. Make it smaller, or send it in parts.",
  quota_exceeded:
    "There is no room for more files in this conversation. The file and what you wrote are kept here. Delete messages with files that nobody needs any more, then try again.",
  range_refused:
    "This part of the file does not exist. Nothing was changed. Close the file and open it again.",
  unavailable: "Thyme is out of reach for a moment. Nothing is lost. Try again soon.",
  internal: OUR_FAULT,
};

import type { attachmentEndpoints } from "../../protocol/http/attachments.ts";

export const attachmentSummaries: Readonly<Record<keyof typeof attachmentEndpoints, string>> = {
  beginUpload: "Begin the upload of an encrypted file, or ask where it stands",
  uploadPart: "One part of an upload, of exactly the length that follows from the bytes declared",
  finishUpload: "Make one blob of all parts, so that a message can name it",
  cancelUpload: "Give up an upload, or a blob that no message names",
  blob: "The bytes of a file that a message names, or a range of them",
  storage: "How large a file may be, and how much of the room for files is used",
};

/** Why a file is not sent, or not opened. Each is said to the person as it is (F1, F2). */
export type FileProblem =
  /** nothing of the list of types, whatever its name says */
  | "file_type"
  /** a phone's video carries its place */
  | "file_video"
  /** a picture that this browser does not decode, so that nothing could be taken out of it */
  | "file_heic"
  | "file_empty"
  /** more pixels than are decoded */
  | "file_pixels"
  /** cut off, or broken */
  | "file_damaged"
  /** it changed while it was read */
  | "file_changed"
  /** the copy from which it was to be sent is gone */
  | "file_lost"
  /** what came is not what its message says */
  | "file_altered"
  /** no room for a copy */
  | "device_full";

/** A file is refused. Its message is for logs. */
export class FileError extends Error {
  override readonly name = "FileError";
  constructor(
    readonly problem: FileProblem,
    detail?: string,
  ) {
    super(detail ? `${problem}: ${detail}` : problem);
  }
}

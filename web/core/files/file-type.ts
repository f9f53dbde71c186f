/** F2: what may be sent as a file, by what it is; its name has to end as one of its type (`fileName`). */
export const FILE_TYPES = {
  "image/jpeg": { shape: "image", endings: ["jpg", "jpeg", "jpe", "jfif"] },
  "image/png": { shape: "image", endings: ["png"] },
  "image/webp": { shape: "image", endings: ["webp"] },
  "image/gif": { shape: "image", endings: ["gif"] },
  "audio/mp4": { shape: "audio", endings: ["m4a", "mp4"] },
  "audio/webm": { shape: "audio", endings: ["webm", "weba"] },
  "audio/ogg": { shape: "audio", endings: ["ogg", "oga", "opus"] },
  "application/pdf": { shape: "document", endings: ["pdf"] },
  "text/plain": { shape: "document", endings: ["txt", "text", "md", "log"] },
  "text/csv": { shape: "document", endings: ["csv"] },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": {
    shape: "document",
    endings: ["docx"],
  },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
    shape: "document",
    endings: ["xlsx"],
  },
} as const satisfies Record<string, FileTraits>;

interface FileTraits {
  /** how it is shown: only images and audio are ever opened by the app */
  readonly shape: "image" | "audio" | "document";
  /** the first one is appended where a name ends otherwise */
  readonly endings: readonly [string, ...string[]];
}

export type FileType = keyof typeof FILE_TYPES;
export type FileShape = (typeof FILE_TYPES)[FileType]["shape"];

export const FILE_TYPE_NAMES: readonly FileType[] = Object.keys(FILE_TYPES).filter(
  (name): name is FileType => Object.hasOwn(FILE_TYPES, name),
);

export const shapeOf = (type: FileType): FileShape => FILE_TYPES[type].shape;

/** Whether a file of this type keeps what its program noted in it: author, company, earlier versions. */
export function keepsMetadata(type: FileType): boolean {
  switch (type) {
    case "application/pdf":
    case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
    case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
      return true;
    default:
      return false;
  }
}

/** What the list, a quote and the timeline call it: a voice note is audio that was recorded here. */
export const FILE_KINDS = ["image", "audio", "voice", "document"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export const fileKindOf = (body: {
  readonly type: FileType;
  readonly voice?: true | undefined;
}): FileKind => (body.voice ? "voice" : shapeOf(body.type));

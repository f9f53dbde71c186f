/** What messages say: one entry for each payload kind, from which everything else about kinds is derived. */
import * as z from "zod/mini";
import { bytes32, positive, time } from "../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { fileFields, isFileBody } from "../files/file-body.ts";
import { type EveryTrait, kind } from "./kind.ts";

/**
 * M5: the message that an edit, deletion, reaction or reply is about. `seq` only says where to look for it: what
 * stands there counts if device, deviceSeq and D are those named.
 */
const target = z.strictObject({
  device: bytes32,
  deviceSeq: positive,
  digest: bytes32,
  seq: positive,
});
export type Target = z.infer<typeof target>;

/** Pictures, flags and keycaps with their joiners (UTS 51); nothing that can be read as words or numbers. */
const PICTURE =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}\u{e0020}-\u{e007f}]*(?:\u200d\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)*)+$/u;

/** What one deletion can name; further ones are named by another. */
export const EDITS_CAP = 64;

const isWithin = (text: string, most: number): boolean => text.length > 0 && text.length <= most;

const PREVIEW = 160;

/** One line of a text, as long as a row of the list can show. */
export const previewText = (text: string): string =>
  text
    .slice(0, PREVIEW * 2)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, PREVIEW);

const textFields = { text: z.string(), reply: z.optional(target) };
const deletionFields = { target, edits: z.optional(z.array(target)) };
const reactionFields = { target, emoji: z.nullable(z.string()) };
const profileFields = { name: z.string() };
const answeringFileFields = { ...fileFields, reply: z.optional(target) };

/** What concerns another message, or only its author's name, is nobody's business by itself. */
const NOT_SHOWN = {
  isShown: false,
  isUnread: false,
  rings: false,
  mayAnswer: false,
  isQuotable: false,
  isEditable: false,
  searched: null,
  preview: null,
} as const;

/** Every payload kind by its name (M1). What else a further kind needs is told in CONTRIBUTING.md. */
export const KINDS = {
  text: kind("text", {
    fields: textFields,
    kept: textFields,
    fits: ({ text }) => isWithin(text, LIMITS.text),
    isShown: true,
    isUnread: true,
    rings: true,
    isAbout: false,
    mayAnswer: true,
    isQuotable: true,
    isEditable: true,
    isRepeatable: false,
    searched: ({ text }) => text,
    preview: ({ text }) => previewText(text),
  }),
  /** F2: what is sealed in a blob, and how it is opened */
  file: kind("file", {
    fields: answeringFileFields,
    kept: answeringFileFields,
    fits: isFileBody,
    isShown: true,
    isUnread: true,
    rings: true,
    isAbout: false,
    mayAnswer: true,
    isQuotable: true,
    isEditable: false,
    isRepeatable: false,
    searched: ({ name, caption }) => (caption ? `${name}\n${caption}` : name),
    preview: ({ caption }) => previewText(caption ?? ""),
  }),
  /** M5: the newest of its author's edits counts */
  edit: kind("edit", {
    ...NOT_SHOWN,
    fields: { target, text: z.string() },
    /** its text stands in the mark that it made, and goes with it */
    kept: { target, text: z.optional(z.string()) },
    fits: ({ text }) => isWithin(text, LIMITS.text),
    isAbout: true,
    isRepeatable: false,
  }),
  /** M5: `edits`: its author's edits of it, which hold its text as well and are removed with it */
  deletion: kind("deletion", {
    ...NOT_SHOWN,
    fields: deletionFields,
    kept: deletionFields,
    fits: ({ edits = [] }) => edits.length <= EDITS_CAP,
    isAbout: true,
    isRepeatable: true,
  }),
  /** M5: one of each account; null takes it back */
  reaction: kind("reaction", {
    ...NOT_SHOWN,
    fields: reactionFields,
    kept: reactionFields,
    fits: ({ emoji }) => emoji === null || (emoji.length <= 32 && PICTURE.test(emoji)),
    isAbout: true,
    isRepeatable: false,
  }),
  /** I8: supersedes names that the server shows */
  profile: kind("profile", {
    ...NOT_SHOWN,
    fields: profileFields,
    kept: profileFields,
    fits: ({ name }) => isWithin(name, LIMITS.publicName),
    isAbout: false,
    isRepeatable: true,
  }),
};

type Kinds = typeof KINDS;
export type Kind = keyof Kinds;
/** The compiler asks for every trait of every kind here. */
const TRAITS: Readonly<Record<Kind, EveryTrait>> = KINDS;

/** E4: whether this version knows a kind of this name. */
export const isKind = (name: string): name is Kind => Object.hasOwn(KINDS, name);

type Said = { readonly [K in Kind]: ReturnType<Kinds[K]["read"]> };

/** What a person or their app says. */
export type Content = Said[Kind];

/** E4: of a kind that this version does not know; kept, shown as "update Thyme to read this". */
const unknown = z.object({ kind: z.literal("unknown"), name: z.string() });
export type UnknownContent = Readonly<z.infer<typeof unknown>>;

/** M5: nothing of a deleted message is left but its place in the chain. */
const deleted = z.object({ kind: z.literal("deleted"), deletedAt: time });

const { text, ...others } = KINDS;

/** What an outgoing message says, as it waits. */
export const outboxBody = z.discriminatedUnion("kind", [
  text.outbox,
  ...Object.values(others).map(({ outbox }) => outbox),
]);

/** What a message says, as it is stored at its place in the log. */
export const rowBody = z.discriminatedUnion("kind", [
  deleted,
  unknown,
  ...Object.values(KINDS).map(({ row }) => row),
]);

/** The kinds that have a trait. */
type With<T extends keyof EveryTrait> = {
  [K in Kind]: Kinds[K][T] extends true ? K : never;
}[Kind];

const having = <T extends keyof EveryTrait>(trait: T) => {
  const names = new Set<string>();
  for (const [name, traits] of Object.entries(TRAITS)) if (traits[trait] === true) names.add(name);
  return <B extends { readonly kind: string }>(body: B): body is Extract<B, { kind: With<T> }> =>
    names.has(body.kind);
};

/** Whether this is a message of its own in the timeline. */
export const isShown = having("isShown");
/** M5: whether this wants something of another message. */
export const isAbout = having("isAbout");
/** M5: whether this may answer another message. */
export const mayAnswer = having("mayAnswer");
/** M5: whether others may answer this. */
export const isQuotable = having("isQuotable");
/** M5: whether its author may write this anew. */
export const isEditable = having("isEditable");

/** Whether this counts as unread where another wrote it; what this version cannot show does (E4). */
export const isUnread = ({ kind: name }: z.infer<typeof rowBody>): boolean => {
  switch (name) {
    case "deleted":
      return false;
    case "unknown":
      return true;
    default:
      return KINDS[name].isUnread;
  }
};

/** M1: whether devices ring for this. */
export const rings = having("rings");
/** M1: whether the header of this says that nobody is to be rung; never of what this version does not know (E4). */
export const isQuiet = (body: { readonly kind: string }): boolean =>
  isKind(body.kind) && !rings(body);
/** M1: the blobs that the header of a message names, so that they go with it. */
export const blobsOf = (body: {
  readonly kind: string;
  readonly blob?: Uint8Array;
}): readonly Uint8Array[] => (body.kind === "file" && body.blob ? [body.blob] : []);

type Shown = With<"isShown">;
/** What has a place of its own in the timeline. */
export type ShownContent = Said[Shown];

const PREVIEWS: { readonly [K in Shown]: { preview: (said: Said[K]) => string } } = KINDS;

/** What this says in one line. */
export const previewOf = <K extends Shown>(
  content: { readonly [P in K]: { readonly kind: P } & Said[P] }[K],
): string => PREVIEWS[content.kind].preview(content);

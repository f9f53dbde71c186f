import * as fc from "fast-check";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { fileName } from "../files/file-name.ts";
import { type Content, EDITS_CAP, type Kind, type Target } from "./content.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);

/** What the samples are about. */
export const SAMPLE_TARGET: Target = { device: bytes(9), deviceSeq: 1, digest: bytes(101), seq: 1 };

const SAMPLE_FILE = {
  kind: "file",
  blob: new Uint8Array(16).fill(5),
  key: bytes(6),
  trailer: bytes(7),
  size: 4_321,
} as const;

/** Of every payload kind what it may say, with and without what may be absent. */
export const CONTENT_SAMPLES = {
  text: [
    { kind: "text", text: "two\nlines" },
    { kind: "text", text: "yes", reply: SAMPLE_TARGET },
  ],
  file: [
    { ...SAMPLE_FILE, type: "application/pdf", name: "plan.pdf" },
    {
      ...SAMPLE_FILE,
      type: "image/jpeg",
      name: "lunch.jpg",
      caption: "lunch",
      image: { width: 2048, height: 1536, thumb: new Uint8Array(25).fill(3) },
      reply: SAMPLE_TARGET,
    },
    {
      ...SAMPLE_FILE,
      type: "audio/webm",
      name: "voice.webm",
      audio: { seconds: 12, waveform: new Uint8Array(64).fill(4) },
      voice: true,
    },
  ],
  edit: [{ kind: "edit", target: SAMPLE_TARGET, text: "written anew" }],
  deletion: [
    { kind: "deletion", target: SAMPLE_TARGET },
    { kind: "deletion", target: SAMPLE_TARGET, edits: [{ ...SAMPLE_TARGET, seq: 2 }] },
  ],
  reaction: [
    { kind: "reaction", target: SAMPLE_TARGET, emoji: "👍" },
    { kind: "reaction", target: SAMPLE_TARGET, emoji: null },
  ],
  profile: [{ kind: "profile", name: "Ana" }],
} as const satisfies {
  readonly [K in Kind]: readonly Extract<Content, { kind: K }>[];
};

const anyTarget = fc.record({
  device: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  deviceSeq: fc.integer({ min: 1 }),
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  seq: fc.integer({ min: 1 }),
});
/** Each of these is one or two characters as they are counted. */
const anyWords = (most: number) => fc.string({ unit: "binary", minLength: 1, maxLength: most / 2 });

const ANY: { readonly [K in Kind]: fc.Arbitrary<Extract<Content, { kind: K }>> } = {
  text: fc.record(
    { kind: fc.constant("text"), text: anyWords(600), reply: anyTarget },
    { requiredKeys: ["kind", "text"] },
  ),
  file: fc.record(
    {
      kind: fc.constant("file"),
      blob: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      trailer: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      size: fc.integer({ min: 1, max: LIMITS.fileBytesMax }),
      type: fc.constant("image/png"),
      name: fc.string({ unit: "binary" }).map((name) => fileName(name, "image/png")),
      caption: anyWords(600),
      image: fc.record({
        width: fc.integer({ min: 1, max: 65_535 }),
        height: fc.integer({ min: 1, max: 65_535 }),
        thumb: fc.uint8Array({ maxLength: 40 }),
      }),
      reply: anyTarget,
    },
    { requiredKeys: ["kind", "blob", "key", "trailer", "size", "type", "name"] },
  ),
  edit: fc.record({ kind: fc.constant("edit"), target: anyTarget, text: anyWords(600) }),
  deletion: fc.record(
    {
      kind: fc.constant("deletion"),
      target: anyTarget,
      edits: fc.array(anyTarget, { minLength: 1, maxLength: EDITS_CAP }),
    },
    { requiredKeys: ["kind", "target"] },
  ),
  reaction: fc.record({
    kind: fc.constant("reaction"),
    target: anyTarget,
    emoji: fc.constantFrom("👍", "🇪🇸", "1️⃣", "👩‍👧", null),
  }),
  profile: fc.record({
    kind: fc.constant("profile"),
    name: anyWords(LIMITS.publicName),
  }),
};

/** Anything that may be said. */
export const anyContent: fc.Arbitrary<Content> = fc.oneof(...Object.values(ANY));

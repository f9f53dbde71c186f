import * as fc from "fast-check";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { type Content, EDITS_CAP, type Kind, type Target } from "./content.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);

/** What the samples are about. */
export const SAMPLE_TARGET: Target = { device: bytes(9), deviceSeq: 1, digest: bytes(101), seq: 1 };

/** Of every payload kind what it may say, with and without what may be absent. */
export const CONTENT_SAMPLES = {
  text: [
    { kind: "text", text: "two\nlines" },
    { kind: "text", text: "yes", reply: SAMPLE_TARGET },
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

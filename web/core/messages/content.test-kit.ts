import type { Content, Kind, Target } from "./content.ts";

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

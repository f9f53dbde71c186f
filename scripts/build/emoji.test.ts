import { describe, expect, it } from "vitest";
import { emojiOf } from "./emoji.mjs";
import { decodePayload, encodePayload } from "../../web/core/messages/payload.ts";
import { findEmoji, readGroups } from "../../web/ui/emoji/emoji-data.ts";

const languages = { en: readGroups(emojiOf("en")), es: readGroups(emojiOf("es")) };
const signs = (language: "en" | "es", query: string): string[] =>
  findEmoji(languages[language], query).map(({ sign }) => sign);

const target = {
  device: new Uint8Array(32),
  deviceSeq: 1,
  digest: new Uint8Array(32),
  seq: 1,
};

describe.each(["en", "es"] as const)("the emoji in %s", (language) => {
  const all = languages[language].flatMap(({ emoji }) => emoji);

  it("are all there, each once and named", () => {
    expect(all.length).toBeGreaterThan(1_800);
    expect(new Set(all.map(({ sign }) => sign)).size).toBe(all.length);
    expect(all.filter(({ sign, name, words }) => !sign || !name || !words.length)).toEqual([]);
    expect(languages[language].map(({ emoji }) => emoji.length > 0)).not.toContain(false);
  });

  it("M5 can each be a reaction", () => {
    const random = { bytes: (length: number) => new Uint8Array(length) };
    for (const { sign } of all) {
      const content = { kind: "reaction", target, emoji: sign } as const;
      expect(decodePayload(encodePayload(random, null, 1, content)).content).toEqual(content);
    }
  });
});

describe("looking for an emoji", () => {
  it("finds it by the beginning of its words, in the language of the person", () => {
    expect(signs("en", "thumbs up")[0]).toBe("👍");
    expect(signs("es", "pulgar")).toContain("👍");
    expect(signs("en", "avocado")).toEqual(["🥑"]);
    expect(signs("es", "aguacate")).toEqual(["🥑"]);
    expect(signs("en", "avo")).toContain("🥑");
  });

  it("minds neither accents nor capitals", () => {
    expect(signs("es", "CORAZON")).toEqual(signs("es", "corazón"));
    expect(signs("es", "corazón")).toContain("❤️");
  });

  it("needs every word, and puts what is named so first", () => {
    expect(signs("en", "red apple")[0]).toBe("🍎");
    expect(signs("en", "apple")[0]).not.toBe("🥧");
    expect(signs("en", "zzz qqq")).toEqual([]);
    expect(signs("en", "  ")).toEqual([]);
  });
});

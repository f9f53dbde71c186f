const FEW = 3;
/** No few pictures are longer than this, families and flags included. */
const LENGTH = 60;
/** Shown as a picture by itself, or because it asks for it; a pair of letters is a flag. */
const PICTURE =
  /^(?:\p{Regional_Indicator}{2}|(?=.*[\p{Emoji_Presentation}\ufe0f\u20e3])[\p{Emoji}\p{Emoji_Component}]+)$/u;

let segmenter: Intl.Segmenter | null = null;

/** How many emoji a message consists of, where it is one to three and nothing else; else 0. */
export function emojiOnly(text: string): number {
  const bare = text.replace(/\s/gu, "");
  if (bare === "" || bare.length > LENGTH || /\p{L}/u.test(bare)) return 0;
  segmenter ??= new Intl.Segmenter();
  const signs = [...segmenter.segment(bare)].map(({ segment }) => segment);
  return signs.length <= FEW && signs.every((sign) => PICTURE.test(sign)) ? signs.length : 0;
}

/** Whether bytes that come piece by piece are UTF-8 (RFC 3629) without controls. */
export interface TextCheck {
  /** False from the first byte on that no text has. */
  take(bytes: Uint8Array): boolean;
  /** Whether it ended with a whole character. */
  end(): boolean;
}

const TAB = 0x09;
const LINE = 0x0a;
const FORM = 0x0c;
const RETURN = 0x0d;
const isControl = (byte: number): boolean =>
  (byte < 0x20 && byte !== TAB && byte !== LINE && byte !== FORM && byte !== RETURN) ||
  byte === 0x7f;

/** What the second byte of a character lies between, by the first (RFC 3629 section 4). */
const second = (first: number): readonly [least: number, most: number] => {
  switch (first) {
    case 0xc2:
      // The controls of C1 are as little text as those of ASCII.
      return [0xa0, 0xbf];
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
};

const following = (first: number): number => {
  if (first >= 0xc2 && first <= 0xdf) return 1;
  if (first >= 0xe0 && first <= 0xef) return 2;
  if (first >= 0xf0 && first <= 0xf4) return 3;
  return -1;
};

export function createTextCheck(): TextCheck {
  let due = 0;
  let least = 0x80;
  let most = 0xbf;
  const isNext = (byte: number): boolean => {
    if (due > 0) {
      if (byte < least || byte > most) return false;
      due -= 1;
      [least, most] = [0x80, 0xbf];
      return true;
    }
    if (byte < 0x80) return !isControl(byte);
    due = following(byte);
    [least, most] = second(byte);
    return due > 0;
  };
  return {
    take: (bytes) => bytes.every(isNext),
    end: () => due === 0,
  };
}

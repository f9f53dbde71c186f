const SMALL = [256, 512, 1024] as const;

/** M8, F1: 256, 512, 1,024 bytes, then Padme: at most 12 % more, and log log as many sizes. */
export function paddedLength(length: number): number {
  const small = SMALL.find((size) => length <= size);
  if (small !== undefined) return small;
  const exponent = Math.floor(Math.log2(length));
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
  return Math.ceil(length / step) * step;
}

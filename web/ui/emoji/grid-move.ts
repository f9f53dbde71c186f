/** Where in a grid of several groups an emoji stands. Each group starts a row of its own. */
export interface Spot {
  readonly group: number;
  readonly index: number;
}

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, high));

/** A row up or down in the same column, over the edge of a group, as far as there is one. */
function vertical(from: Spot, by: 1 | -1, sizes: readonly number[], columns: number): Spot {
  const { group, index } = from;
  const column = index % columns;
  const row = Math.floor(index / columns) + by;
  const lastRow = Math.floor(((sizes[group] ?? 0) - 1) / columns);
  if (row >= 0 && row <= lastRow) {
    return { group, index: Math.min(row * columns + column, (sizes[group] ?? 0) - 1) };
  }
  const next = group + by;
  const size = sizes[next];
  if (size === undefined) return from;
  const start = by > 0 ? 0 : Math.floor((size - 1) / columns) * columns;
  return { group: next, index: Math.min(start + column, size - 1) };
}

function horizontal(from: Spot, by: 1 | -1, sizes: readonly number[]): Spot {
  const { group, index } = from;
  const next = index + by;
  if (next >= 0 && next < (sizes[group] ?? 0)) return { group, index: next };
  const size = sizes[group + by];
  if (size === undefined) return from;
  return { group: group + by, index: by > 0 ? 0 : size - 1 };
}

/** Where a key leads; null for keys that lead nowhere. No group is empty. */
export function moveTo(
  key: string,
  from: Spot,
  sizes: readonly number[],
  columns: number,
  rtl: boolean,
): Spot | null {
  switch (key) {
    case "ArrowRight":
      return horizontal(from, rtl ? -1 : 1, sizes);
    case "ArrowLeft":
      return horizontal(from, rtl ? 1 : -1, sizes);
    case "ArrowDown":
      return vertical(from, 1, sizes, columns);
    case "ArrowUp":
      return vertical(from, -1, sizes, columns);
    case "Home":
      return { group: 0, index: 0 };
    case "End": {
      const group = clamp(sizes.length - 1, 0, sizes.length);
      return { group, index: (sizes[group] ?? 1) - 1 };
    }
    default:
      return null;
  }
}

/** Readers of SQLite cells. A wrong type is a defect of ours, so they throw TypeError. */

type Cell = SqlStorageValue | undefined;

export function int(cell: Cell): number {
  if (typeof cell === "number") return cell;
  throw new TypeError("an integer was expected");
}

export function text(cell: Cell): string {
  if (typeof cell === "string") return cell;
  throw new TypeError("a text was expected");
}

export function blob(cell: Cell): Uint8Array {
  if (cell instanceof ArrayBuffer) return new Uint8Array(cell);
  throw new TypeError("a blob was expected");
}

export const nullable = <T>(cell: Cell, read: (cell: Cell) => T): T | null =>
  cell === null ? null : read(cell);

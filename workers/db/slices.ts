/** Rows of one statement, and statements of one run: a statement must end, and a run leaves room for others. */
const ROWS = 500;
const STATEMENTS = 20;

interface Slices {
  readonly rows: number;
  readonly statements: number;
}

/**
 * Deletes in bounded statements: `deleteSome` removes at most `limit` rows and says how many. Answers whether nothing
 * is left; what is left is the next run's.
 */
export async function deleteInSlices(
  deleteSome: (limit: number) => Promise<number>,
  { rows, statements }: Slices = { rows: ROWS, statements: STATEMENTS },
): Promise<boolean> {
  for (let i = 0; i < statements; i++) {
    if ((await deleteSome(rows)) < rows) return true;
  }
  return false;
}

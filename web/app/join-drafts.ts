/** Whether everything of `part` can be read in `whole`: it was written on, or joined to something before. */
const covers = (whole: string, part: string): boolean =>
  part.trim() === "" || whole.startsWith(part) || whole.endsWith(`\n${part}`);

/** One text out of two that were written apart: nothing that somebody typed is dropped (K9). */
export function joinDrafts(theirs: string, mine: string): string {
  if (covers(theirs, mine)) return theirs;
  return covers(mine, theirs) ? mine : `${theirs}\n${mine}`;
}

/**
 * What the box shows when `before`, which it showed, has become `after`: whatever was typed since stays, at its
 * end where it was only added.
 */
export function withOffered(box: string, before: string, after: string): string {
  if (box === before) return after;
  const isAdded = before !== "" && box.startsWith(before) && after.endsWith(before);
  return isAdded ? after + box.slice(before.length) : joinDrafts(after, box);
}

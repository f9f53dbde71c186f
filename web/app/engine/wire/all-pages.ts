import { CoreError } from "../../../core/errors.ts";

interface Page {
  readonly entries: readonly string[];
  readonly more: boolean;
}

/** What the pages of one question may come to, in entries and in characters of their text. */
interface Most {
  readonly entries: number;
  readonly chars: number;
}

/**
 * E1: entries of all pages, however many answers it takes; `ask` is told how many there are by now. Throws CoreError
 * `unbounded` when a page promises more and brings nothing, or what came before, or when it all comes to too much.
 */
export async function allPages(
  ask: (have: number) => Promise<Page>,
  most: Most,
): Promise<readonly string[]> {
  const entries = new Set<string>();
  let chars = 0;
  for (;;) {
    const page = await ask(entries.size);
    for (const entry of page.entries) {
      if (entries.has(entry)) throw new CoreError("unbounded", "the same again");
      entries.add(entry);
      chars += entry.length;
    }
    if (entries.size > most.entries || chars > most.chars) {
      throw new CoreError("unbounded", `${entries.size} entries of ${chars} characters`);
    }
    if (!page.more) return [...entries];
    if (page.entries.length === 0) throw new CoreError("unbounded", "more, and nothing of it");
  }
}
